import { createNoteKey } from '../../../src/crypto/note/NoteKey.ts';
import { openNote } from '../../../src/crypto/note/openNote.ts';
import { formatCheckpoint, parseCheckpoint } from '../../../src/crypto/note/checkpoint.ts';
import { signNote } from '../../../src/crypto/note/signNote.ts';
import { parseTilePath } from '../../../src/crypto/merkle/parseTilePath.ts';
import { openBytes } from '../../../src/crypto/sealing/openBytes.ts';
import { sealBytes } from '../../../src/crypto/sealing/sealBytes.ts';
import { checkInbox } from '../../../src/client/care/inbox/checkInbox.ts';
import { sendLetter } from '../../../src/client/letters/letters.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { amendBundle } from '../../../src/fhir/amendBundle.ts';
import { amendPart } from '../../../src/fhir/amendPart.ts';
import { decodePart } from '../../../src/fhir/decodePart.ts';
import { createValidator } from '../../../src/fhir/createValidator.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import { makeDemoBundle } from '../../../demo/charts/makeDemoBundle.ts';
import { DEMO_PATIENTS } from '../../../demo/charts/demoPatients.ts';
import { parsePart } from '../../../src/fhir/parsePart.ts';
import { partToBundle } from '../../../src/fhir/partToBundle.ts';
import { reassembleBundle } from '../../../src/fhir/reassembleBundle.ts';
import { splitBundle } from '../../../src/fhir/splitBundle.ts';
import { writeFhirJson } from '../../../src/fhir/writeFhirJson.ts';
import { loadFhirDefinitions } from '../../../src/node/loadFhirDefinitions.ts';
import { describeContent } from '../../../src/cli/record/describeContent.ts';
import { BEGINNING, describeFile } from '../../../src/fhir/describeFile.ts';
import { fhirIn } from '../../../src/fhir/fhirIn.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateText, mutateValue } from '../mutateJson.ts';

/**
 * Sealed or signed things that are opened: age files, signed notes, names of tiles, letters of enrolled parties, parts
 * of records, and FHIR bundles before they are sealed.
 */
export const openSealedTarget: OpenTarget = async (life) => {
  const { patient, doctor, right, network } = life;
  const { primitives } = network.ports;
  const sealed = await sealBytes([doctor.recipient], Buffer.alloc(70_000, 'x'));
  const noteKey = createNoteKey('medseal.example/log', new Uint8Array(32).fill(7));
  const root = new Uint8Array(32).fill(1);
  const text = formatCheckpoint({ origin: 'medseal.example/log', size: 5, root });
  const note = signNote(primitives, text, [noteKey]);
  const [who] = DEMO_PATIENTS;
  if (who === undefined) throw new Error('nobody');
  const bundle = makeDemoBundle({ random: network.ports.random, at: 1_800_000_000, patient: who });
  const parts = splitBundle(bundle, { set: `0x${'01'.repeat(16)}` }).map(({ content }) => content);
  const amendment = { party: doctor.address, at: 1_800_000_000, purpose: 'TREAT' } as const;
  const validator = createValidator(loadFhirDefinitions());
  const deeds: readonly ((
    dice: Parameters<Awaited<ReturnType<OpenTarget>>['enter']>[0],
    note: (what: string | Uint8Array) => void,
  ) => Promise<void>)[] = [
    async (dice, tell) => {
      const file = mutateBytes(dice, sealed);
      tell(file);
      const opened = await openBytes([doctor.keys.identity()], file);
      if (Buffer.compare(opened, Buffer.alloc(70_000, 'x')) !== 0) throw new TargetFault('altered');
    },
    async (dice, tell) => {
      const altered = mutateText(dice, note);
      tell(altered);
      const said = openNote(primitives, altered, [noteKey.verifierKey]);
      if (said !== text) throw new TargetFault('another text');
      parseCheckpoint(said);
      await Promise.resolve();
    },
    async (dice, tell) => {
      const path = mutateText(dice, dice.pick(['tile/0/x001/234.p/44', 'tile/entries/000', text]));
      tell(path);
      await Promise.resolve(path.startsWith('t') ? parseTilePath(path) : parseCheckpoint(path));
    },
    async (dice, tell) => {
      const content = mutateValue(dice, { grant: right.grant, request: { type: 'AccessRequest' } });
      tell(JSON.stringify(content));
      await sendLetter(doctor, patient.address, content as object);
      await checkInbox(patient);
    },
    async (dice, tell) => {
      const bytes = mutateBytes(dice, encodePart(dice.pick(parts)));
      tell(bytes);
      await Promise.resolve(decodePart(bytes));
    },
    async (dice, tell) => {
      const altered = parts.map((part) => (dice.chance(0.3) ? mutateValue(dice, part) : part));
      tell(JSON.stringify(altered));
      await Promise.resolve(reassembleBundle(altered));
      amendBundle(altered, bundle, { ...amendment, edition: `0x${'02'.repeat(16)}` });
    },
    async (dice, tell) => {
      const part = parsePart(mutateValue(dice, dice.pick(parts)));
      tell(JSON.stringify(part));
      await Promise.resolve(amendPart(part, partToBundle(part), amendment));
      describeContent(part);
    },
    async (dice, tell) => {
      const bytes = mutateBytes(dice, utf8ToBytes(writeFhirJson(bundle, { indent: 2 })));
      tell(bytes);
      await Promise.resolve(fhirIn(bytes));
      describeFile('unknown', bytes.subarray(0, BEGINNING));
    },
    async (dice, tell) => {
      const altered = mutateValue(dice, bundle);
      tell(JSON.stringify(altered));
      const valid = validator.validateBundle(altered);
      splitBundle(valid, { set: `0x${'01'.repeat(16)}`, by: 'encounter' });
      await Promise.resolve();
    },
  ];
  return {
    async enter(dice, tell) {
      await dice.pick(deeds)(dice, tell);
    },
  };
};
