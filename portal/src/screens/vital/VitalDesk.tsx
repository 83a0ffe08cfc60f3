import type { ReactNode } from 'react';
import { collectNews } from '../../session/people.ts';
import { useWords } from '../../words/useWords.tsx';
import { Desk } from '../../desk/Desk.tsx';
import type { DecisionProps, DeskKind } from '../../desk/DeskKind.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { AnyLife } from './AnyLife.tsx';
import { readVitalReports, type VitalItem, type VitalReports } from './vitalReports.ts';
import { VitalStanding } from './VitalStanding.tsx';

/** The desk of a registrar, which doctors have as well: births and deaths of the people whom the device knows. */
const REPORTS: DeskKind<VitalItem, VitalReports> = {
  title: 'vital.desk',
  lead: 'vital.desk-lead',
  reading: 'vital.looking',
  waiting: 'vital.waits',
  none: 'vital.none-waits',
  others: 'vital.others',
  async read({ party }) {
    await collectNews(party);
    return await readVitalReports(party);
  },
  partiesOf: ({ facts: { reporter } }) => (reporter === undefined ? [] : [reporter]),
  useLines(_session, nameOf) {
    const { say, moment } = useWords();
    return ({ what, who, facts: { stage, reporter, since } }) => ({
      title: say(`vital.${what}-of`, { who }),
      lines:
        stage === 'none'
          ? []
          : [
              say(`vital.${what}-${stage}`, {
                who: nameOf(reporter ?? '0x'),
                when: moment(since ?? 0),
              }),
            ],
    });
  },
  Detail: OneReport,
  Below: AnyLife,
};

/** A doctor or a registrar reports, confirms and undoes births and deaths; a registrar alone reports births. */
export function VitalDesk({ session }: ScreenProps): ReactNode {
  return <Desk session={session} kind={REPORTS} />;
}

function OneReport(props: DecisionProps<VitalItem, VitalReports>): ReactNode {
  const { session, item, found, nameOf, renderFrame, onDone } = props;
  const { handle, what, facts } = item;
  const words = REPORTS.useLines(session, nameOf)(item, found);
  return renderFrame({
    ...words,
    children: <VitalStanding {...{ session, handle, what, facts, onDone }} />,
  });
}
