import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { NODE_PAGE } from './nodeAnswers.ts';
import { readNodeFolder } from './readNodeFolder.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { NODE } from './nodeOptions.ts';

/**
 * Shows where the operator of a running node opens its page, and the code that opens it.
 *
 * @throws MedsealError `NODE_ABSENT`; `CLOSED` if the node does not run.
 */
export async function showNodePage(
  _terminal: Terminal,
  { data }: OptionsOf<typeof NODE>,
): Promise<AnswerOf<typeof NODE_PAGE>> {
  const { files } = await readNodeFolder(data);
  const { url, code } = await readOperatorAccess(files);
  const page = `${url}/portal/`;
  return {
    value: { page, code },
    lines: [
      `Open ${page} in a browser on this machine, and paste the code:`,
      '',
      `  ${code}`,
      '',
      'Whoever has it decides in the name of this organisation, until the node stops.',
    ],
  };
}
