import { randomBytes } from 'node:crypto';
import type { NodePorts } from '../../src/folder/NodePorts.ts';

/**
 * Recoveries of native secp256k1 per second on one core, and the processor time of one, µs: a busy machine changes that
 * less.
 *
 * @param ports - With the curve.
 */
export function verificationRate({ primitives }: Pick<NodePorts, 'primitives'>): {
  readonly perSecond: number;
  readonly cpu: number;
} {
  const secret = randomBytes(32);
  const signed = Array.from({ length: 200 }, () => {
    const digest = randomBytes(32);
    return { digest, signature: primitives.sign(digest, secret) };
  });
  const verify = (milliseconds: number): { perSecond: number; cpu: number } => {
    const [start, before] = [performance.now(), process.threadCpuUsage()];
    let count = 0;
    while (performance.now() - start < milliseconds) {
      for (const { digest, signature } of signed) primitives.recover(digest, signature);
      count += signed.length;
    }
    const { user, system } = process.threadCpuUsage(before);
    const perSecond = (count / (performance.now() - start)) * 1000;
    return { perSecond, cpu: (user + system) / count };
  };
  verify(300);
  return verify(1500);
}
