import { existsSync } from 'node:fs';
import { certifyErasure, type CertifiedErasure } from '../../client/audit/certifyErasure.ts';
import type { ErasureCertificate } from '../../protocol/evidence/ErasureCertificate.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeMoment } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { namedCategory } from './namedCategory.ts';
import { readGiven } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeBroken, describeDestroyed } from './describeDestroyed.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RECORD_CERTIFICATE } from './recordOptions.ts';
import type { ERASURE_CERTIFIED } from './recordAnswers.ts';

/** The most bytes of a certificate that was begun. */
const MOST = 256 * 2 ** 20;

/**
 * Asks all organisations to state that they destroyed what was erased, and writes the certificate; one that is in the file already is
 * completed.
 *
 * @param terminal - Asks for the passphrase.
 * @param named - The category.
 * @param options - The certificate's file; device and key.
 * @throws MedsealError `ARGUMENT_INVALID` for what is not a category, and for a file that is something else; as `certifyErasure`.
 */
export async function certifyErasureVerb(
  terminal: Terminal,
  named: string,
  { out: file, ...options }: VisitorOptions & OptionsOf<typeof RECORD_CERTIFICATE>,
): Promise<AnswerOf<typeof ERASURE_CERTIFIED>> {
  const category = namedCategory(named);
  const begun = await begunIn(file);
  const { party } = await openVisitor(terminal, options);
  terminal.progress.stage('asking each organisation');
  const made = await certifyErasure(party, category, begun && { begun });
  await writeFileWhole(file, formatEvidenceFile(made.certificate));
  const { proven, unstated, served, moved } = made;
  const open = proven.destroyed.some(({ backup }) => backup === undefined);
  const isWrong = proven.broken.length > 0;
  return {
    ok: !isWrong && unstated.length === 0,
    ...(!isWrong && unstated.length > 0 && { again: true }),
    value: {
      handle: proven.erase.handle,
      category,
      file,
      versions: proven.versions.length,
      erased: proven.body.at,
      destroyed: [...proven.destroyed],
      unstated: [...unstated],
      served: [...served],
      broken: [...proven.broken],
      moved: [...moved],
    },
    lines: [
      `Erased: ${category}, ${proven.versions.length} record versions, entered on ${describeMoment(proven.body.at)}.`,
      ...proven.destroyed.flatMap(describeDestroyed),
      ...unstated.map(({ organisation, reason }) => `${organisation}: not stated. ${reason}`),
      ...served.map(describeServed),
      ...proven.broken.map(describeBroken),
      ...moved.map(describeMoved),
      'Outside of it: what readers took before, old copies of your devices, and exports.',
      `Saved in ${file}. Next: ${calledAs(`verify ${file}`)}`,
      ...(unstated.length > 0 || open
        ? [
            `Run ${calledAs(`record certificate ${category} --out ${file}`)} again later to complete it.`,
          ]
        : []),
    ],
  };
}

function describeServed({
  organisation,
  log,
  index,
  at,
  isRelease,
}: CertifiedErasure['served'][number]): string {
  const act = isRelease ? 'released the key of an erased record' : 'let an erased record be seen';
  return `Failed check: ${organisation} ${act} on ${describeMoment(at)}, after its own date (${log} #${index})`;
}

function describeMoved({ organisation, from, to }: CertifiedErasure['moved'][number]): string {
  const dates = `${describeMoment(to)}, after it stated ${describeMoment(from)}`;
  return `${organisation}: now states ${dates}. The first date stays. A folder that was put back from a backup moves it too: ask.`;
}

/** The certificate in a file; undefined if the file is not there. */
async function begunIn(file: string): Promise<ErasureCertificate | undefined> {
  if (!existsSync(file)) return undefined;
  const bytes = await readGiven(file, { argument: '--out', most: MOST });
  try {
    const parsed = parseEvidenceFile(bytes);
    if (parsed.kind === 'erasure') return parsed.erasure;
  } catch (cause) {
    const reason = 'it is there already, and not a certificate of erasure: name another file';
    throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason }, { cause });
  }
  const reason = 'it is there already, and not a certificate of erasure: name another file';
  throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason });
}
