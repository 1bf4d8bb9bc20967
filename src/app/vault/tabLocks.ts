/** Who uses what, among the tabs of this browser (Web Locks): released when a tab closes, crashes or is killed. */
export interface TabLocks {
  /** Takes a lock and keeps it until it is released; undefined where another tab, or this one, has it. */
  take(name: string): Promise<(() => void) | undefined>;
  /** Names of all locks that some tab has. */
  held(): Promise<ReadonlySet<string>>;
}

export const browserLocks = (locks: LockManager): TabLocks => ({
  take: (name) =>
    new Promise((resolve, reject) => {
      locks
        .request(name, { ifAvailable: true }, (lock) => {
          if (lock === null) {
            resolve(undefined);
            return undefined;
          }
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    }),
  held: async () => new Set(((await locks.query()).held ?? []).flatMap(({ name }) => name ?? [])),
});
