/** Runs once in each server process before it takes requests (Next.js convention). */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startUp } = await import('./lib/start-up')
    await startUp()
  }
}
