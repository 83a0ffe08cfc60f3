import type { Component } from './Component.ts';
import type { BuiltProgram } from './buildProgram.ts';
import { namedLicences } from './licenceTexts.ts';
import type { Checkout } from './checkout.ts';
import { NAMESPACE, SUMS } from './checksums.ts';
import { NODE_RUNTIME } from './nodeRuntime.ts';

/** Says in a sentence what a program was built with and what it needs. */
export function describeProgram({ program, target, go, compiler, glibc }: BuiltProgram): string {
  const needs =
    glibc === undefined ? 'needs no library of its system' : `needs glibc ${glibc} or newer`;
  return compiler === undefined
    ? `${program} for ${target}: ${go} alone, without C; ${needs}`
    : `${program} for ${target}: ${go}, and ${compiler} for the recovery of signers; ${needs}`;
}

/**
 * Writes what operators read first of a release.
 *
 * @param changes - Section of the change log.
 * @param publicKey - Public part of the key that signs; undefined if the release is not signed.
 */
export function releaseNotes(
  { label, commit, dirty }: Checkout,
  changes: string,
  programs: readonly BuiltProgram[],
  components: readonly Component[],
  publicKey: string | undefined,
): string {
  const named = [...namedLicences(components)].map(
    ([licence, under]) =>
      `- ${licence}: ${under.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
  );
  const lesser = components.filter(({ licence }) => /\bLGPL/.test(licence));
  const sources = lesser.map(
    ({ name, version, sum = '' }) =>
      `https://proxy.golang.org/${name}/@v/${version}.zip (go.sum: ${sum})`,
  );
  const verify = `ssh-keygen -Y verify -n ${NAMESPACE} -I release@medseal -f medseal.signers -s ${SUMS}.sig < ${SUMS}`;
  return `# Medseal ${label}

Commit ${commit}${dirty ? ', **with changes that are in no commit: not for use**' : ''}.

## Verify it

${
  publicKey === undefined
    ? 'This release is **not signed**: its checksums find a damaged file, and no altered one.'
    : `The key that signed it is \`${publicKey}\`. This file is no reason to trust that key: compare it with the one that you
have from the releaser by another way. \`medseal.signers\` is one line: \`release@medseal namespaces="${NAMESPACE}" KEY\`.`
}

\`\`\`
${publicKey === undefined ? '' : `${verify}\n`}sha256sum --check --ignore-missing ${SUMS}
\`\`\`

## How it was built

${programs.map((program) => `- ${describeProgram(program)}`).join('\n')}
- npm package: Node.js ${process.versions.node}. The Debian packages bring Node.js ${NODE_RUNTIME.version} along.

\`npm run release -- --once\` makes the same files from this commit, with the same Go${programs.some(({ compiler }) => compiler !== undefined) ? ', C compiler' : ''}, Node.js and dpkg: compare the
lines of ${SUMS}.

## Licences

Medseal is under the Apache License 2.0. The texts of all that it ships of others are in the file of licences. Nothing
is under the GPL or AGPL. These licences ask for more than their text:

${named.join('\n')}

The engine is linked with libraries under the LGPL. You may change them and link the engine again: its sources are at
this commit in \`engine/\` (\`npm run build engine\`, with a \`replace\` line in \`go.mod\`), those of the libraries at

${sources.map((source) => `- ${source}`).join('\n')}

## Changes

${changes}
`;
}
