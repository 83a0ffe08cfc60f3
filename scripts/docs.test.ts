import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { faultOfLine } from '../src/cli/test/faultOfLine.ts';
import { requestTypes } from '../src/protocol/struct/requestTypes.ts';
import { ACTIONS, CATEGORIES, PURPOSES, ROLES } from '../src/protocol/vocabulary.ts';
import { adversariesPage } from './adversariesPage.ts';
import { commandsPage } from './commandsPage.ts';
import { errorsPage } from './errorsPage.ts';
import { featuresPage } from './features/featuresPage.ts';
import { placesPage } from './features/placesPage.ts';
import { liarsPage } from './liarsPage.ts';
import { GROUPS } from './tasks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = globSync('{*.md,docs/**/*.md}', { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
);

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** A page without its fenced code. */
function proseOf(page: string): string {
  return read(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
}

/** All that a pattern finds in the pages, each with the page that it stands in. */
function* mentions(
  pattern: RegExp,
  textOf: (page: string) => string = read,
): Generator<[string, string]> {
  for (const page of pages) {
    for (const [, found = ''] of textOf(page).matchAll(pattern)) yield [page, found];
  }
}

/** The anchors of a page's headings, as they are linked to. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function linkFault(page: string, target: string): string | undefined {
  if (/^https?:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return `${page}: ${target} leads nowhere`;
  if (anchor === undefined || anchorsOf(file).includes(anchor)) return undefined;
  return `${page}: ${target} names no heading`;
}

/**
 * Blocks that a test runs, examines or generates: of which pages, beginning with what. A language stands before a
 * colon.
 */
const EXAMINED: readonly (readonly [pages: RegExp, begins: RegExp])[] = [
  // scripts/start.alone.test.ts and scripts/operate.alone.test.ts
  [/^(?:README|docs\/(?:use\/start|run\/operate))\.md$/, /^console \w+:\$ medseal /],
  [/^docs\/(?:use\/start|run\/operate)\.md$/, /^json:\{/],
  [/^docs\/run\/operate\.md$/, /^:\$ curl -s http:\/\/127\.0\.0\.1:9480/],
  // scripts/start.slow.test.ts
  [/^docs\/use\/start\.md$/, /^:(?:(?:\$ )?npm run -s medseal -- |\$ curl |medseal: )/],
  [/^(?:README|CONTRIBUTING)\.md$/, /^:npm run -s medseal -- scenario/],
  // scripts/outside/otherLanguages.slow.test.ts
  [/^docs\/use\/other-languages\.md$/, /^:(?:npm run -s medseal -- |pip install )/],
  // scripts/sdk.slow.test.ts
  [/^docs\/use\/sdk\.md$/, /^json:\{$/],
  [/^docs\/use\/sdk\.md$/, /^(?:ts:\/\/ \w+\.ts|:\$ node \w+\.ts)$/],
  // Steps of the scenario: a test below
  [/^docs\/use\/start\.md$/, /^:✓ /],
  // src/cli/network/channelVerbs.test.ts and scripts/consortium/channel.network.test.ts
  [/^docs\/run\/operate\.md$/, /^sh:medseal (?:channel admit |(?:init|up) --data research )/],
  // src/cli/network/addContract.slow.test.ts
  [/^docs\/run\/operate\.md$/, /^sh:medseal network propose change\.json .*--contract /],
  // scripts/consortium/addContract.network.test.ts
  [/^docs\/run\/operate\.md$/, /^sh:medseal network propose codes\.json .*--admit /],
  // src/cli/network/dealChange.test.ts and src/cli/network/dealtKeys.slow.test.ts
  [/^docs\/run\/operate\.md$/, /^sh:medseal network (?:propose|deal|sign) key\.json /],
  // src/cli/sharing.slow.test.ts
  [/^docs\/use\/sensors\.md$/, /^sh:medseal device /],
  // src/cli/record/saveReleases.test.ts
  [/^docs\/build\/threshold\.md$/, /^sh:medseal verify releases\//],
  // src/cli/key/exportIdentities.slow.test.ts
  [/^docs\/build\/threshold\.md$/, /^sh:medseal key identities /],
  // src/cli/record/keptRecord.slow.test.ts
  [/^docs\/build\/threshold\.md$/, /^sh:medseal record get /],
  // scripts/consortium/parameters.network.test.ts
  [
    /^docs\/run\/ledger\.md$/,
    /^sh:medseal network propose change\.json --data hospital --block-gas /,
  ],
  // src/cli/readings/exportReadings.slow.test.ts
  [/^docs\/use\/sensors\.md$/, /^sh:medseal readings /],
  // scripts/sensors/accessList.network.test.ts
  [/^docs\/use\/sensors\.md$/, /^:user gateway$/],
  // scripts/sensors/gateway.network.test.ts
  [/^docs\/use\/sensors\.md$/, /^sh:medseal sensors simulate /],
  // Generated, and compared by tests
  [/^docs\/reference\/(?:commands|configuration|http)\.md$/, /^/],
];

/** Blocks that no test runs, each for a reason. */
const NOT_RUN: readonly (readonly [pages: RegExp, begins: RegExp])[] = [
  // The run of the tests is itself what comes after this; `npm pack` is run by scripts/package.slow.test.ts.
  [/^/, /^:npm ci && npm (?:start|test|pack)$/],
  [/^CONTRIBUTING\.md$/, /^:npm run bench -- log$/],
  [/^docs\/use\/sdk\.md$/, /^:npx medseal dev --demo$/],
  [/^docs\/use\/sdk\.md$/, /^:npm install --save-dev typescript @types\/node$/],
  [/^docs\/use\/start\.md$/, /^:(?:alias medseal=|Opening the demonstration|Medseal is ready)/],
  // src/cli/verify/verifyPortal.slow.test.ts
  [/^docs\/use\/portal\.md$/, /^sh:medseal verify portal /],
  // scripts/release/release.network.test.ts takes the same commands from a release's notes.
  [/^docs\/run\/release\.md$/, /^:(?:ssh-keygen -Y verify|npm run release) /],
  // They change the machine, or take a certificate.
  [/^docs\/run\/release\.md$/, /^:sudo /],
  [/^docs\/run\/operate\.md$/, /^(?::(?:sudo |podman |medseal join https)|nginx:)/],
  // src/cli/mandate/mandates.slow.test.ts; a drawing
  [/^docs\/use\/mandates\.md$/, /^(?:sh:medseal |text:offered)/],
  // src/cli/archive/exportVerb.slow.test.ts
  [/^docs\/use\/take-along\.md$/, /^sh:medseal (?:verify )?export anna\.tar/],
  // src/cli/archive/importVerb.slow.test.ts
  [
    /^docs\/use\/take-along\.md$/,
    /^sh:medseal (?:import anna\.tar|record get 0x4f… --patient anna --raw) /,
  ],
  // src/cli/mistake/corrections.slow.test.ts
  [/^docs\/use\/corrections\.md$/, /^sh:medseal (?:record|mistake) /],
  [/^docs\/use\/erasure\.md$/, /^sh:medseal (?:record|verify|backups-ended) /],
  // src/cli/key/recoverKey.slow.test.ts
  [/^docs\/use\/lost-key\.md$/, /^console:\$ medseal (?:key (?:new|veto)|party recover)\b/],
  // src/cli/store/migrateStores.slow.test.ts
  [/^docs\/run\/databases\.md$/, /^(?:sql:|json:|console:\$ medseal store migrate )/],
  // src/cli/keeping/backupInPostgres.slow.test.ts
  [/^docs\/run\/databases\.md$/, /^console:\$ medseal backup /],
  // src/cli/node/standby.slow.test.ts
  [/^docs\/run\/databases\.md$/, /^console:\$ medseal up --data hospital --standby$/],
  // src/cli/vault/migrate.slow.test.ts
  [/^docs\/run\/stores\.md$/, /^console:\$ medseal vault migrate /],
  // scripts/sensors/sensorInC.network.test.ts compiles it and runs it.
  [/^docs\/use\/sensor-in-c\.md$/, /^sh:cc /],
  // src/cli/ledgerTools.slow.test.ts uses the same tool.
  [/^docs\/run\/ledger\.md$/, /^:export ETH_RPC_URL=/],
  // It needs Go: `npm run suite network`
  [/^docs\/run\/ledger\.md$/, /^:npm run build engine$/],
  [/^docs\/run\/operate\.md$/, /^:(?:medseal init .* --validator |curl -o successors\.json )/],
  // Diagrams and layouts
  [/^docs\//, /^mermaid:/],
  [/^docs\/build\/concepts\.md$/, /^:(?:errors|body)/],
];

describe('the documentation', () => {
  it('has no block of code that no test runs, but for those that are listed here', () => {
    const blocks = mentions(/^```(\w*(?: \w+)?\n.*)\n[\s\S]*?^```$/gm);
    const unknown = [...blocks]
      .map(([page, text]) => [page, text.replace('\n', ':')] as const)
      .filter(
        ([page, text]) =>
          ![...EXAMINED, ...NOT_RUN].some(
            ([pages, begins]) => pages.test(page) && begins.test(text),
          ),
      );
    assert.deepEqual(unknown, []);
  });

  it('has only links that lead somewhere', () => {
    const faults = [...mentions(/\]\(([^)\s]+)\)/g, proseOf)]
      .map(([page, target]) => linkFault(page, target))
      .filter((fault) => fault !== undefined);
    assert.deepEqual(faults, []);
  });

  it('names only files and folders that exist', () => {
    const paths = mentions(/`((?:src|contracts|scripts|bench|docs|deploy)\/[\w./-]*)`/g);
    const absent = [...paths].filter(([, path]) => !existsSync(join(root, path)));
    assert.deepEqual(absent, []);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...mentions(/npm run (?:-s )?([\w:]+)/g), ...mentions(/npm (test|start)\b/g)];
    const absent = named.filter(([, script]) => !Object.hasOwn(scripts, script));
    assert.deepEqual(absent, []);
    for (const [group, tasks] of Object.entries(GROUPS)) {
      const tasksNamed = [...mentions(new RegExp(`npm run (?:-s )?${group} ([a-z][\\w-]*)`, 'g'))];
      const unknown = tasksNamed.filter(([, task]) => !Object.hasOwn(tasks, task));
      assert.deepEqual(unknown, []);
    }
  });

  it('gives only command lines that medseal takes', async () => {
    const lines = mentions(/^(?:\$ )?(?:npm run -s medseal --|medseal) (?!run )(\S.*)$/gm);
    const faults: string[] = [];
    for (const [page, line] of lines) {
      const fault = await faultOfLine(line);
      if (fault !== undefined) faults.push(`${page}: medseal ${line}: ${fault}`);
    }
    assert.deepEqual(faults, []);
  });

  it('shows only steps that the scenario has', () => {
    const scenario = globSync('demo/scenario/*Scenario.ts', { cwd: root }).map(read).join('\n');
    const steps = mentions(/^✓ (?:\w+ \w+|P2\.\d+) +(.+?)(?: — refused, \w+)?$/gm);
    const unknown = [...steps].filter(([, name]) => !scenario.includes(`'${name}'`));
    assert.deepEqual(unknown, []);
  });

  it('explains every request, role, action, category and purpose in the glossary', () => {
    const [, glossary = ''] = read('docs/build/concepts.md').split('\n## Glossary\n');
    const words = [...Object.keys(requestTypes), ...ACTIONS, ...CATEGORIES, ...PURPOSES];
    assert.deepEqual(
      words.filter((word) => !glossary.includes(`\`${word}\``)),
      [],
    );
    const roles = ROLES.filter((role) => !read('docs/build/concepts.md').includes(`\`${role}\``));
    assert.deepEqual(roles, []);
  });

  // @actor k members of the authority who suspend somebody and give the key away | are believed to be stoppable by a veto, which no program sends and the contract would not take
  it('says which requests no program sends, and counts on none of them in the threat model', () => {
    const types: Readonly<Record<string, readonly { readonly type: string }[]>> = requestTypes;
    const fields = Object.values(types).flat();
    const sources = globSync('{demo,src}/**/*.ts', { cwd: root })
      .filter((file) => !/\.test\.ts$|\/test\/|bindings\/generated|\/requestTypes\.ts$/.test(file))
      .map(read);
    const unsent = Object.keys(types)
      .filter((name) => !fields.some(({ type }) => type.replace('[]', '') === name))
      .filter((name) => !sources.some((text) => text.includes(`'${name}'`)));
    const rows = read('docs/build/concepts.md').matchAll(/^\| `(\w+)` .*\bNot used yet\b/gm);
    assert.deepEqual(
      unsent,
      [...rows].map(([, name]) => name),
    );
    const claims = read('docs/why/threat-model.md')
      .split(/\n(?=- |\n)/)
      .filter((text) =>
        unsent.some((name) => text.includes(`\`${name}\``) || /\bveto/i.test(text)),
      );
    assert.equal(claims.length > 0, unsent.length > 0);
    for (const text of claims) assert.match(text, /no\s+program\s+sends/, text);
  });

  it('gives each subject of the decisions a page with its parts, which the list names', () => {
    const subjects = pages.filter((page) => /^docs\/why\/decisions\/(?!README)/.test(page));
    const list = read('docs/why/decisions/README.md');
    assert.deepEqual(
      [...list.matchAll(/^- \[[^\]]+\]\(([^)]+)\): \S/gm)].map(([, page = '']) => page).toSorted(),
      subjects.map((page) => page.slice('docs/why/decisions/'.length)).toSorted(),
    );
    for (const page of subjects) {
      assert.match(page, /\/[a-z][a-z-]+\.md$/);
      for (const part of ['Context', 'Choice', 'Reason', 'Costs']) {
        assert.ok(read(page).includes(`\n**${part}.**`), `${page} has no ${part}`);
      }
    }
  });

  it('says what a request costs as it was measured last', () => {
    const { gas } = JSON.parse(read('contracts/gas.json')) as { gas: Record<string, number> };
    const measured = new Set(Object.values(gas));
    const [, costs = ''] = read('docs/build/contracts.md').split('\n## Costs\n');
    const rows = costs
      .split('\n')
      .filter((line) => /\| +[\d,]+ \|/.test(line) && !line.startsWith('| …'));
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const [, , ...cells] = row.split('|').map((cell) => cell.trim());
      for (const cell of cells.slice(0, 3).filter((each) => each !== '')) {
        assert.ok(measured.has(Number(cell.replaceAll(',', ''))), row);
      }
    }
  });

  // A table of hundreds of rows is not aligned: each new row would change all of them.
  const generated: Readonly<Record<string, () => string | Promise<string>>> = {
    'errors.md': async () => await aligned(errorsPage()),
    'liars.md': async () => await aligned(liarsPage()),
    'commands.md': async () => await aligned(await commandsPage()),
    'what-works.md': async () => await aligned(featuresPage()),
    'places.md': async () => await aligned(placesPage()),
    'attacks.md': adversariesPage,
  };
  for (const [name, write] of Object.entries(generated)) {
    it(`has ${name} as it is generated; \`node --test --test-update-snapshots scripts/docs.test.ts\` renews it`, async (t) => {
      t.assert.fileSnapshot(await write(), join(root, 'docs/reference', name), {
        serializers: [String],
      });
    });
  }
});

/** A page in the format of the others. */
async function aligned(page: string): Promise<string> {
  const options = await resolveConfig(join(root, 'docs/page.md'));
  return await format(page, { ...options, parser: 'markdown', plugins: [] });
}
