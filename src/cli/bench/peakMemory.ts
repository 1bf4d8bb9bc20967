const EVERY_MS = 50;
const MIB = 2 ** 20;

/** Largest resident set of this process while the work ran, MiB, looked at every 50 ms. */
export async function withPeakMemory<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly peak: number }> {
  let peak = process.memoryUsage.rss();
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, EVERY_MS);
  try {
    const value = await work();
    look();
    return { value, peak: peak / MIB };
  } finally {
    clearInterval(timer);
  }
}
