import { type Environment, schema } from '../environment'

/** The weak password that development and tests start with; none in production. */
export function exceptedPassword({ production }: Environment): string | undefined {
  if (production) return undefined
  return schema.find(({ name }) => name === 'ADMIN_PASSWORD')?.development ?? undefined
}
