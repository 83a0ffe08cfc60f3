import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './Component.ts';
import { type Target, TARGETS } from './buildProgram.ts';
import { ReleaseError, runTool } from './runTool.ts';

/** The Node that Debian packages bring along, with the SHA-512 of npm's archives of it: the one that a clone runs on. */
export const NODE_RUNTIME = {
  version: '24.21.0',
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64:
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
} as const;

/** Oldest glibc that this Node runs with. */
export const NODE_GLIBC = '2.28';

/**
 * Fetches Node for a target from npm's cache or registry, and unpacks it.
 *
 * @param into - An empty folder.
 * @returns Its program, and what it is.
 * @throws ReleaseError if the archive has other bytes than the one that is pinned here.
 */
export function fetchNode(
  target: Target,
  into: string,
): { readonly program: string; readonly component: Component } {
  const { npm } = TARGETS[target];
  const { version, [npm]: pinned } = NODE_RUNTIME;
  const name = `node-linux-${npm}`;
  runTool(
    'npm',
    ['pack', `${name}@${version}`, '--silent', '--prefer-offline', '--pack-destination', into],
    into,
  );
  const archive = join(into, `${name}-${version}.tgz`);
  const sha512 = createHash('sha512').update(readFileSync(archive));
  const found = sha512.copy().digest('base64');
  if (`sha512-${found}` !== pinned) {
    throw new ReleaseError(
      `${name} ${version} has other bytes than scripts/release/nodeRuntime.ts names: sha512-${found}.`,
    );
  }
  runTool('tar', ['-xzf', archive, 'package/bin/node', 'package/LICENSE'], into);
  const component: Component = {
    purl: `pkg:npm/${name}@${version}`,
    name,
    version,
    licence: 'MIT',
    texts: new Map([['LICENSE', readFileSync(join(into, 'package/LICENSE'), 'utf8')]]),
    parts: ['node'],
    sha512: sha512.digest('hex'),
  };
  return { program: join(into, 'package/bin/node'), component };
}
