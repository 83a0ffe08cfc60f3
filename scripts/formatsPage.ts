import { FOLDER_FORMAT } from '../src/folder/FolderFile.ts';
import { LOG_FORMAT } from '../src/log/claimDatabase.ts';
import { FORMATS } from '../src/protocol/wire/formats.ts';
import { migrations } from '../src/node/migrations.ts';

const HEAD = `# Formats

Every format that Medseal writes has a number. This page is generated from \`src/protocol/wire/formats.ts\`, and a test
compares the table with the sources.

A **layout** is the number of a node's folder, in \`folder.json\`. It stands for the formats of all stores in it. A node
brings its folder to the present layout when it starts; \`medseal up --check\` names the steps before, or says why the
folder cannot be brought forward (\`FOLDER_OLDER\`, \`FOLDER_NEWER\`). From version 0.2.0 on, each version brings forward
the folders of every released version before it: \`proof/folders\` keeps a small folder of each, which the tests open and
use. Folders of earlier versions have no such promise. \`medseal fsck\` names the steps too.
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
    `This version writes layout ${FOLDER_FORMAT}, whose logs are of format ${LOG_FORMAT}. Its steps:\n`,
    `${steps.join('\n')}\n`,
    '## Table\n',
    'The place says where a format is found: `folder` of a node, `device` of a person, `deposit` at nodes, `log`, `record`,',
    '`file` that is handed on, `wire`, or input of a `hash`.\n',
    '| format | place | what it is |\n| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
