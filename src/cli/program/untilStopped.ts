/**
 * Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once.
 */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
