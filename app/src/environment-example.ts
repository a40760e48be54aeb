import { schema, type Variable } from './environment'

/** `.env.example`: every variable with its meaning, as development has it. */
export function environmentExample(): string {
  const blocks = (schema as readonly Variable[]).map(
    ({ name, meaning, unit, secret, development, requiredInProduction, example }) => {
      const notes = [
        secret && 'secret',
        requiredInProduction ? 'required in production' : 'optional',
        unit && `in ${unit}`,
      ]
      const value = development === null ? `# ${name}=` : `${name}=${development}`
      return `# ${meaning}\n# ${notes.filter(Boolean).join(', ')}; production: ${example}\n${value}\n`
    },
  )
  return `# Development's values; production refuses the secrets among them.\n# Made from app/src/environment.ts: npm run env:example -w app\n\n${blocks.join('\n')}`
}

if (require.main === module) process.stdout.write(environmentExample())
