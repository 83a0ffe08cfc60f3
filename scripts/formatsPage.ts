import { FOLDER_FORMAT } from '../src/folder/FolderFile.ts';
import { FORMATS } from '../src/protocol/wire/formats.ts';
import { STORE_FORMATS, type StoreFormat } from '../src/protocol/wire/storeFormats.ts';
import { migrations } from '../src/node/migrations.ts';

const HEAD = `# Formats

Every format that Medseal writes has a number. This page is generated from \`src/protocol/wire/formats.ts\` and
\`storeFormats.ts\`, and tests compare the tables with the sources and with the folder of a node that ran.

A **layout** is the number of a node's folder, in \`folder.json\`. It stands for the formats of all stores in it. A node
brings its folder to the present layout when it starts; \`medseal up --check\` names the steps before, or says why the
folder cannot be brought forward (\`FOLDER_OLDER\`, \`FOLDER_NEWER\`). From version 0.2.0 on, each version brings forward
the folders of every released version before it: \`proof/folders\` keeps a small folder of each, which the tests open and
use. Folders of earlier versions have no such promise. \`medseal fsck\` names the steps too.

From layout 9 on \`folder.json\` states the version of Medseal that used the folder last, and the number of each store
that does not say it itself. A node states its own when it is founded and at each start, once it has brought the folder
forward. It refuses a folder with a store of a later format, or one that it does not know (\`FOLDER_NEWER\`, with the
version to use), and a \`folder.json\` whose checksum does not fit (\`FOLDER_FOREIGN\`). \`medseal up --check\` says of each store which
format it has and whether the next start opens, migrates, rebuilds or refuses it; it opens no database and writes nothing. A
log, the ledger and its index also say their formats inside, which the start and \`fsck\` compare.

From layout 10 on an engine stores behind each value of a database four bytes: CRC-32 of key and value, the lowest byte
first. The row under the empty key says that all rows have them (a byte 1), or those up to the key behind a byte 0.
`;

/** The table of formats as a page in Markdown: `docs/reference/formats.md`. */
export function formatsPage(): string {
  const steps = migrations.map(({ from, about }) => `- from ${from} to ${from + 1}: ${about}`);
  const rows = Object.entries(FORMATS).map(
    ([name, { number, place, about, earlier }]) =>
      `| \`medseal-${name}/${number}\` | ${place} | ${about}${earlier === undefined ? '' : `; ${earlier}`} |`,
  );
  return [
    HEAD,
    '## Layouts\n',
    `This version writes layout ${FOLDER_FORMAT}. Its steps:\n`,
    `${steps.join('\n')}\n`,
    '## Stores of a folder\n',
    'A star stands for a name, two for all that lies below. A number that is not in the row is refused.\n',
    '| store | format | where | what it holds | earlier formats |\n| --- | --- | --- | --- | --- |',
    ...Object.entries<StoreFormat>(STORE_FORMATS).map(storeRow),
    '\n## Table\n',
    'The place says where a format is found: `folder` of a node, `device` of a person, `deposit` at nodes, `log`, `record`,',
    '`file` that is handed on, `wire`, or input of a `hash`.\n',
    '| format | place | what it is |\n| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** The row of a store. */
function storeRow([name, store]: [string, StoreFormat]): string {
  const { number, paths, about, earlier, past } = store;
  const where = paths.map((path) => `\`${path}\``).join(', ');
  const forward = Object.entries(earlier).map(([found, start]) => `${found} ${start}`);
  const told = [...forward, ...(past === undefined ? [] : [past])].join('; ');
  return `| ${name} | ${number} | ${where} | ${about} | ${told} |`;
}
