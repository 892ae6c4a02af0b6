/** Lines of JSON on the standard output, which the server keeps bounded in the data folder. */
export function log(text: string, facts: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), text, ...facts })}\n`)
}

/** For work that goes on beside: a failure is told and the rest goes on. */
export function aside(what: string, work: Promise<unknown>): void {
  work.catch((problem: Error) => log('failed', { what, problem: problem.message }))
}
