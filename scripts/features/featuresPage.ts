import { FEATURES, MISSING, type Feature } from './features.ts';

const HEAD = `# What works, and what does not

This page is generated from \`scripts/features/features.ts\`. Tests hold that each function, command, operation, screen and scenario that a
row names is there, and that none of them is in no row.

## What works

Each row can be used as a function of the [package](../use/sdk.md), by command, over [HTTP](http.md) and in the [portal](../use/portal.md); a scenario
plays it with its refusals. A dash has its reason below.

| what | functions | commands | screens | scenario |
| --- | --- | --- | --- | --- |
`;

/** The table of features as a page in Markdown: `docs/reference/what-works.md`. */
export function featuresPage(): string {
  const rows = FEATURES.map(rowOf);
  const reasons = FEATURES.flatMap(({ name, not = {} }) =>
    Object.entries(not).map(([place, reason]) => `- ${name}, ${place}: ${reason}.`),
  );
  const missing = MISSING.map(({ name, says }) => `- **${name}.** ${says}`);
  return [
    `${HEAD}${rows.join('\n')}`,
    reasons.join('\n'),
    '## What is not there yet',
    'Do not use Medseal for real patients’ data yet.',
    `${missing.join('\n')}\n`,
  ].join('\n\n');
}

function rowOf({ name, says, page, ...places }: Feature): string {
  const scenarios = places.scenarios.map((file) => file.replace(/(?:Scenario)?\.ts$/, ''));
  const cells = [
    `**[${name}](../${page})** ${says}`,
    codes(places.sdk),
    codes(places.verbs),
    codes(places.screens),
    codes(scenarios),
  ];
  return `| ${cells.join(' | ')} |`;
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' ') || '–';
}
