import { hash, verify } from '@node-rs/argon2'
import { betterAuth } from 'better-auth'
import { emailOTP } from 'better-auth/plugins'
import { openPool } from '../../../kernel/pool.ts'
import type { Credentials, Proof } from '../ports.ts'

export interface BetterAuthOptions {
  readonly databaseUrl: string
  readonly secret: string
  readonly newUserId: () => string
  readonly send: (email: string, code: string) => Promise<void>
}

/** better-auth keeps users, password hashes (argon2id) and hashed codes in the schema `auth`. Sessions are our own. */
export function openBetterAuth(options: BetterAuthOptions): Credentials {
  const pool = openPool({
    connectionString: options.databaseUrl,
    max: 3,
    application_name: 'efir sign-in',
    options: '-c search_path=auth -c timezone=UTC',
  })
  const auth = betterAuth({
    database: pool,
    secret: options.secret,
    baseURL: 'http://localhost',
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    advanced: { database: { generateId: ({ model }) => (model === 'user' ? options.newUserId() : crypto.randomUUID()) } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 256,
      password: { hash: (password) => hash(password), verify: ({ hash: stored, password }) => verify(stored, password) },
    },
    plugins: [
      emailOTP({
        otpLength: 6,
        expiresIn: 600,
        allowedAttempts: 3,
        storeOTP: 'hashed',
        sendVerificationOTP: ({ email, otp }) => options.send(email, otp),
      }),
    ],
  })
  const context = () => auth.$context
  return {
    async startCode(email) {
      await auth.api.sendVerificationOTP({ body: { email, type: 'sign-in' } })
    },
    async enterCode(email, code, name) {
      try {
        const { user } = await auth.api.signInEmailOTP({ body: { email, otp: code, name } })
        return proofOf(user)
      } catch (problem) {
        const said = codeOf(problem)
        if (said === 'OTP_EXPIRED' || said === 'TOO_MANY_ATTEMPTS') return 'expired'
        if (said === 'INVALID_OTP') return 'wrong'
        throw problem
      }
    },
    async enterPassword(email, password) {
      try {
        const { user } = await auth.api.signInEmail({ body: { email, password } })
        return proofOf(user)
      } catch (problem) {
        if (codeOf(problem) === 'INVALID_EMAIL_OR_PASSWORD') return 'wrong'
        throw problem
      }
    },
    async setPassword(userId, password) {
      const { internalAdapter } = await context()
      const hashed = await hash(password)
      const known = (await internalAdapter.findAccounts(userId)).some((a) => a.providerId === 'credential')
      if (known) await internalAdapter.updatePassword(userId, hashed)
      else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hashed })
    },
    async checkPassword(userId, password) {
      const { internalAdapter } = await context()
      const stored = (await internalAdapter.findAccounts(userId)).find((a) => a.providerId === 'credential')?.password
      if (!stored) return 'none'
      return (await verify(stored, password)) ? 'right' : 'wrong'
    },
    async create(userId, email, name) {
      await pool.query(
        'insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt") values ($1, $2, $3, true, now(), now()) on conflict do nothing',
        [userId, name, email],
      )
    },
    async userIdOf(email) {
      const { rows } = await pool.query<{ id: string }>('select id from auth."user" where email = $1', [email])
      return rows[0]?.id ?? null
    },
    async forget(userId, email) {
      await pool.query('delete from auth."user" where id = $1', [userId])
      await pool.query('delete from auth.verification where identifier like $1', [`%${email.replace(/[%_\\]/g, '\\$&')}`])
    },
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

const proofOf = (user: { id: string; email: string; name: string }): Proof => ({
  userId: user.id,
  email: user.email.toLowerCase(),
  name: user.name,
})
const codeOf = (problem: unknown): string => (problem as { body?: { code?: string } } | null)?.body?.code ?? ''
