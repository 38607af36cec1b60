/** Runs a question at most once in `pace_ms`, and once more after what came meanwhile. */
export function coalesced(pace_ms: number, ask: () => Promise<void>): () => void {
  let running = false
  let wanted = false
  const run = async () => {
    running = true
    wanted = false
    // Why it failed is told by the banner; the next event asks again.
    await Promise.all([
      ask().catch(() => undefined),
      new Promise((done) => setTimeout(done, pace_ms)),
    ])
    running = false
    if (wanted) void run()
  }
  return () => {
    if (running) wanted = true
    else void run()
  }
}
