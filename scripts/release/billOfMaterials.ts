import { createHash } from 'node:crypto';
import type { Component, Part } from './Component.ts';
import { PROGRAMS } from './programs.ts';

/** The release that a bill is of. */
export interface Billed {
  readonly version: string;
  readonly commit: string;
  /** Seconds since 1970 of the commit. */
  readonly date: number;
}

/** A bill of materials in CycloneDX 1.6, as far as it is read here. */
export interface Bill {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: object;
  readonly components: readonly {
    readonly type: string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly 'bom-ref': string;
    readonly licenses?: readonly object[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Lists the components of a release in CycloneDX 1.6; the same components give the same bill. */
export function billOfMaterials(
  { version, commit, date }: Billed,
  components: readonly Component[],
): Bill {
  const whole = `medseal@${version}`;
  const listed = components.toSorted((left, right) => (left.purl < right.purl ? -1 : 1));
  const programs = PROGRAMS.map(({ folder, file, says }) => {
    return { part: folder, name: file, kind: 'generic', description: says };
  });
  const ours = [
    {
      part: 'package' as const,
      name: 'medseal',
      kind: 'npm',
      description: 'the npm package: node, command line and portal',
    },
    ...programs,
  ].map((each) => ({ ...each, purl: `pkg:${each.kind}/${each.name}@${version}` }));
  const needed = new Set(listed.flatMap(({ needs = [] }) => needs));
  const of = (part: Part): readonly string[] =>
    listed.filter(({ parts }) => parts.includes(part)).map(({ purl }) => purl);
  const id = createHash('sha256')
    .update(JSON.stringify([version, commit, listed.map(({ purl }) => purl)]))
    .digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${id.slice(0, 8)}-${id.slice(8, 12)}-8${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    version: 1,
    metadata: {
      timestamp: new Date(date * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': whole,
        name: 'medseal',
        version,
        properties: [{ name: 'medseal:commit', value: commit }],
      },
    },
    components: [
      ...ours.map(({ name, purl, description }) => ({
        type: 'application',
        'bom-ref': purl,
        name,
        version,
        description,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        purl,
      })),
      ...listed.map(entryOf),
    ],
    dependencies: [
      { ref: whole, dependsOn: [...ours.map(({ purl }) => purl), ...of('node')] },
      // Those that no other one names.
      ...ours.map(({ part, purl }) => {
        return { ref: purl, dependsOn: of(part).filter((each) => !needed.has(each)) };
      }),
      ...listed.map(({ purl, needs = [] }) => ({
        ref: purl,
        dependsOn: needs.filter((each) => listed.some((one) => one.purl === each)),
      })),
    ],
  };
}

function entryOf({
  purl,
  name,
  version,
  licence,
  sha512,
  sum,
  parts,
}: Component): Bill['components'][number] {
  return {
    type: parts.includes('node') ? 'platform' : 'library',
    'bom-ref': purl,
    name,
    version,
    ...(sha512 !== undefined && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
    licenses: /^[\w.+-]+$/.test(licence)
      ? [{ license: { id: licence } }]
      : [{ expression: licence }],
    purl,
    ...(sum !== undefined && { properties: [{ name: 'medseal:go.sum', value: sum }] }),
  };
}
