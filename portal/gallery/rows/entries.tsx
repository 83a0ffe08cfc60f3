import { BlockTable } from '../../src/ui/BlockTable.tsx';
import { Dialog } from '../../src/ui/Dialog.tsx';
import { FactList } from '../../src/ui/FactList.tsx';
import { FirstOf } from '../../src/ui/FirstOf.tsx';
import { List } from '../../src/ui/List.tsx';
import { PhraseShown } from '../../src/ui/PhraseShown.tsx';
import { Qr } from '../../src/ui/Qr.tsx';
import { ResultTable } from '../../src/ui/ResultTable.tsx';
import { ReleasedBy } from '../../src/ui/ReleasedBy.tsx';
import { RoleText } from '../../src/ui/RoleText.tsx';
import { SignSheet } from '../../src/ui/SignSheet.tsx';
import { Table } from '../../src/ui/Table.tsx';
import { AT, HASH, ignore, SESSION } from '../samples.ts';
import { Opened } from '../Opened.tsx';
import type { States } from '../States.ts';

const NAMES = ['Dr. Lena Brandt', 'Noor Willems', 'Ines Duarte'];
const LOOKS = ['cards', 'own', 'people', 'list', 'checks', 'text'] as const;
const FACTS = [
  ['Medicine', 'Ramipril 5 mg'],
  ['Given', '14 March 2026', '21 March 2026'],
] as const;
const VALUES = [
  { key: 1, cells: ['HbA1c', '6.1 %', '4 – 5.6 %'] },
  { key: 2, cells: ['Glucose', '98 mg/dL', '70 – 99 mg/dL'] },
];
const HEADER = { number: 12, timestamp: AT, hash: HASH, previousHash: HASH, merkleRoot: HASH };
const nothing = async (): Promise<void> => await Promise.resolve();

const RESULTS = [
  {
    code: { text: 'Potassium' },
    valueQuantity: { value: 7.1, unit: 'mmol/L' },
    interpretation: [{ coding: [{ code: 'HH' }] }],
  },
  { code: { text: 'Sodium' }, valueQuantity: { value: 140, unit: 'mmol/L' } },
].map((each) => ({
  resourceType: 'Observation',
  ...each,
  referenceRange: [{ low: { value: 3.5 }, high: { value: 145 } }],
}));

/** Lists, tables, people, and what is signed. */
export const ENTRIES = {
  List: {
    ...Object.fromEntries(
      LOOKS.map((look) => [
        look,
        <List key={look} items={NAMES} keyOf={(name) => name} look={look}>
          {(name) => <strong>{name}</strong>}
        </List>,
      ]),
    ),
    empty: (
      <List items={[]} keyOf={() => 0} none="Nobody can see your records.">
        {() => null}
      </List>
    ),
  },
  FirstOf: {
    'more than fifty': (
      <FirstOf items={Array.from({ length: 70 }, (_, place) => place)}>
        {(shown) => <p>{shown.length} of 70 lines</p>}
      </FirstOf>
    ),
  },
  FactList: {
    'side by side': <FactList facts={FACTS} />,
    stacked: <FactList isStacked facts={FACTS} />,
  },
  Table: {
    'three columns': (
      <Table caption="Results" columns={['Value', 'Result', 'Range']} rows={VALUES} />
    ),
    'small, below a title': (
      <Table
        isTitled
        look="small"
        caption="Results"
        columns={['Value', 'Result', 'Range']}
        rows={VALUES}
      />
    ),
  },
  ResultTable: {
    'within and outside': <ResultTable results={RESULTS} />,
  },
  BlockTable: {
    listed: <BlockTable caption="Blocks" blocks={[{ header: HEADER, entries: '3' }]} />,
    judged: (
      <BlockTable
        caption="Blocks"
        blocks={[
          { header: HEADER, entries: '0–2', safe: true },
          { header: { ...HEADER, number: 13 }, entries: '3', safe: false },
        ]}
      />
    ),
  },
  RoleText: { doctor: <RoleText facts={{ role: 'doctor', organisation: 'hospital' }} /> },
  ReleasedBy: { 'by two': <ReleasedBy by={['hospital', 'laboratory']} /> },
  Qr: { code: <Qr text="https://hospital.example/portal/" label="Address of the portal" /> },
  PhraseShown: {
    'twelve words': <PhraseShown words={Array.from({ length: 12 }, () => 'abandon')} />,
  },
  SignSheet: {
    'to be signed': (
      <SignSheet
        session={SESSION}
        wanted={[]}
        others="own-records"
        act="Share with Dr. Lena Brandt"
        waits="Signing …"
        run={nothing}
        onBack={ignore}
      >
        <p>Dr. Lena Brandt sees your medicines until 14 June 2026.</p>
      </SignSheet>
    ),
    danger: (
      <SignSheet
        session={SESSION}
        wanted={[]}
        others="own-records"
        act="Erase the record"
        waits="Signing …"
        run={nothing}
        isDanger
      >
        <p>Nobody can open it again.</p>
      </SignSheet>
    ),
    'behind a button': (
      <SignSheet
        session={SESSION}
        wanted={[]}
        others="own-records"
        opens="Share"
        act="Share with Dr. Lena Brandt"
        waits="Signing …"
        run={nothing}
      >
        <p>Dr. Lena Brandt sees your medicines.</p>
      </SignSheet>
    ),
  },
  Dialog: {
    'opens at a press': (
      <Opened label="Ask">
        {(close) => (
          <Dialog title="Stop sharing?" onClose={close}>
            <p>Dr. Lena Brandt sees nothing new from now on.</p>
          </Dialog>
        )}
      </Opened>
    ),
  },
} as const satisfies Readonly<Record<string, States>>;
