import { EmailPassAuthService } from '@medusajs/auth-emailpass/dist/services/emailpass'
import type {
  AuthenticationInput,
  AuthenticationResponse,
  AuthIdentityProviderService,
  EmailPassAuthProviderOptions,
} from '@medusajs/framework/types'
import { passwordProblem } from '../password'

type Dependencies = ConstructorParameters<typeof EmailPassAuthService>[0]

/** Options beside Medusa's own. */
export interface StrictOptions extends EmailPassAuthProviderOptions {
  /** A weak password that is taken all the same: the development default, outside production only. */
  except?: string
}

/**
 * Medusa's sign-in by e-mail and password, with three walls: no weak password is ever set, also not by
 * `medusa user` or a seed; an unknown account costs the same time as a wrong password; only admins sign in.
 */
export class StrictEmailPass extends EmailPassAuthService {
  static override identifier = 'emailpass'

  constructor(
    dependencies: Dependencies,
    private readonly strict: StrictOptions,
  ) {
    super(dependencies, strict)
  }

  private problem(password: unknown, email: unknown): string | undefined {
    if (typeof password !== 'string' || password === this.strict.except) return undefined
    return passwordProblem(password, typeof email === 'string' ? email : '')
  }

  override async register(
    data: AuthenticationInput,
    identities: AuthIdentityProviderService,
  ): Promise<AuthenticationResponse> {
    const error = this.problem(data.body?.password, data.body?.email)
    return error ? { success: false, error } : super.register(data, identities)
  }

  override async update(
    data: Parameters<EmailPassAuthService['update']>[0],
    identities: AuthIdentityProviderService,
  ): ReturnType<EmailPassAuthService['update']> {
    const error = this.problem(data.password, data.entity_id)
    return error ? { success: false, error } : super.update(data, identities)
  }

  override async authenticate(
    data: AuthenticationInput,
    identities: AuthIdentityProviderService,
  ): Promise<AuthenticationResponse> {
    // Another kind of account is the same login: it would try an admin's password past the admin's door.
    const { actor_type: actor } = data as AuthenticationInput & { actor_type?: string }
    if (actor !== 'user') return { success: false, error: 'Invalid email or password' }
    let unknown = false
    const watched: AuthIdentityProviderService = {
      ...identities,
      retrieve: async (query) =>
        identities.retrieve(query).catch((error: unknown) => {
          unknown = true
          throw error
        }),
    }
    const answer = await super.authenticate(data, watched)
    // The hash that a known account's password would have been compared by.
    if (unknown) await this.hashPassword(String(data.body?.password))
    return answer
  }
}
