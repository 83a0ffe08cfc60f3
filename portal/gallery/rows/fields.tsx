import { AddPerson } from '../../src/ui/AddPerson.tsx';
import { Choices } from '../../src/ui/Choices.tsx';
import { DropFiles } from '../../src/ui/DropFiles.tsx';
import { FileField } from '../../src/ui/FileField.tsx';
import { KeptDraft } from '../../src/ui/KeptDraft.tsx';
import { ScanCode } from '../../src/ui/ScanCode.tsx';
import { SelectField } from '../../src/ui/SelectField.tsx';
import { TextField } from '../../src/ui/TextField.tsx';
import { AT, ignore, SESSION } from '../samples.ts';
import type { States } from '../States.ts';

const CHOICES = [
  { value: 'laboratory', label: 'Laboratory' },
  { value: 'medications', label: 'Medicines', hint: 'Prescriptions, and what was dispensed' },
] as const;
const drop = async (): Promise<void> => await Promise.resolve();

/** Fields, and what stands around a form. */
export const FIELDS = {
  TextField: {
    empty: <TextField label="Name" value="" onChange={ignore} />,
    'with a hint': (
      <TextField label="Dose" hint="As on the package" value="500 mg" onChange={ignore} />
    ),
    wrong: (
      <TextField
        label="Until"
        value="2026-02-30"
        error="There is no such day. Write it as 2026-02-28."
        onChange={ignore}
      />
    ),
    off: <TextField label="Name" value="Ana Ferreira" disabled onChange={ignore} />,
    long: <TextField label="Note" rows={3} value={'Slept well.\nNo pain.'} onChange={ignore} />,
  },
  SelectField: {
    chosen: <SelectField label="Kind" choices={CHOICES} value="medications" onChange={ignore} />,
  },
  Choices: {
    several: (
      <Choices legend="Records" choices={CHOICES} chosen={['medications']} onChange={ignore} />
    ),
    one: (
      <Choices legend="Purpose" choices={CHOICES} chosen={['laboratory']} onChange={ignore} one />
    ),
  },
  FileField: {
    empty: <FileField label="File" hint="10 MB at most" file={undefined} onChange={ignore} />,
  },
  DropFiles: {
    empty: <DropFiles label="Files" hint="PDF, image or note" onFiles={ignore} />,
  },
  ScanCode: { closed: <ScanCode session={SESSION} kinds={['card']} onText={ignore} /> },
  AddPerson: {
    closed: <AddPerson session={SESSION} onAdded={ignore} />,
    open: <AddPerson session={SESSION} onAdded={ignore} isOpen />,
  },
  KeptDraft: {
    kept: <KeptDraft draft={{ kept: { at: AT, isLasting: true }, drop, isTooLong: false }} />,
    'until the lock, with a file': (
      <KeptDraft draft={{ kept: { at: AT, isLasting: false }, drop, isTooLong: false }} hasFile />
    ),
    'of a former version, too long': (
      <KeptDraft draft={{ drop, isTooLong: true, isOfFormer: true }} />
    ),
  },
} as const satisfies Readonly<Record<string, States>>;
