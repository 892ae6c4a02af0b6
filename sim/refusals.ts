/** Every act may answer these. */
export const acceptedRefusals: ReadonlySet<string> = new Set(['not_found', 'busy', 'too_many_requests'])
