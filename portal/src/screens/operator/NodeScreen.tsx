import type { ReactNode } from 'react';
import { httpAgent, portablePrimitives } from '../../../../src/client/index.ts';
import { bytesToHex } from '../../../../src/crypto/bytes.ts';
import { fingerprintOf } from '../../../../src/protocol/network/fingerprintOf.ts';
import { numberOf } from '../../../../src/protocol/wire/numberOf.ts';
import { releaseKeyOf } from '../../../../src/protocol/release/releaseKeyOf.ts';
import type { Place } from '../../session/Place.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Table } from '../../ui/Table.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { useWords } from '../../words/useWords.tsx';
import { askDemoPeople } from '../enter/askDemoPeople.ts';
import type { PublicScreenProps } from '../ScreenProps.ts';
import {
  compareCopies,
  verdictOf,
  type CopySource,
  type LogCompared,
  type LogCopy,
} from './compareCopies.ts';
import { PortalHash } from '../../operate/PortalHash.tsx';

/** Shows the public state of an organisation's node. */
export function NodeScreen({ place }: PublicScreenProps): ReactNode {
  const { say } = useWords();
  const { network, organisation } = place;
  const copies = useTask(async () => {
    const sources = await sourcesAt(place);
    const logs = await compareCopies(portablePrimitives, network, sources);
    return { asked: [...sources.keys()], logs };
  }, [place]);
  const { members, threshold } = network.authority;
  return (
    <Page title={say('operator.title')} lead={say('operator.lead', { organisation })}>
      <Awaiting on={copies} what={say('operator.comparing')} />
      {copies.state === 'done' && (
        <>
          <Verdict logs={copies.value.logs} />
          {copies.value.asked.length === 1 && (
            <Notice title={say('operator.alone')}>
              <p>
                <code>medseal verify log</code>
              </p>
            </Notice>
          )}
          <Copies {...copies.value} />
          <Button kind="main" onClick={copies.again}>
            {say('operator.refresh')}
          </Button>
        </>
      )}
      <section>
        <h2>{say('operator.network')}</h2>
        <FactList
          facts={[
            [say('operator.network-number'), numberOf(network)],
            [
              say('operator.network-id'),
              <Hash key="id" value={fingerprintOf(portablePrimitives, network)} />,
            ],
            [say('operator.release-key'), <ReleaseKey key="key" place={place} />],
            [
              say('operator.quorum'),
              say('operator.quorum-of', { threshold, count: members.length }),
            ],
          ]}
        />
      </section>
      <PortalHash command={`medseal verify portal ${place.url}`} />
      <section>
        <h2>{say('operator.private')}</h2>
        <p>{say('operator.private-lead')}</p>
        <p>
          <code>{'medseal node page --data <folder>'}</code>
        </p>
      </section>
    </Page>
  );
}

/** Tells if the channel's records open by a release, of how many organisations, and the key's id. */
function ReleaseKey({ place: { network, log } }: { readonly place: Place }): ReactNode {
  const { say } = useWords();
  const key = releaseKeyOf(network, log);
  if (key === undefined) return say('operator.release-key-none');
  const values = { threshold: key.threshold, count: key.indices.size };
  return (
    <>
      {say('operator.release-key-of', values)} <Hash value={bytesToHex(key.id)} />
    </>
  );
}

function Verdict({ logs }: { readonly logs: readonly LogCompared[] }): ReactNode {
  const { say } = useWords();
  const verdict = verdictOf(logs);
  const kinds = { bad: 'bad', alike: 'good', sole: undefined, none: undefined } as const;
  const kind = verdict in kinds ? kinds[verdict as keyof typeof kinds] : 'warn';
  return <Notice {...(kind && { kind })} title={say(`operator.${verdict}`)} />;
}

function Copies({
  asked,
  logs,
}: {
  readonly asked: readonly string[];
  readonly logs: readonly LogCompared[];
}): ReactNode {
  const { say, number } = useWords();
  const told = (copy: LogCopy | undefined): string => {
    if (copy === undefined) return '–';
    const { state } = copy;
    return say(`operator.copy-${state}`, state === 'behind' ? { missing: copy.missing } : {});
  };
  return (
    <Table
      caption={say('operator.copies')}
      columns={[
        say('operator.log'),
        say('operator.entries'),
        say('operator.signers'),
        ...asked.map((organisation) => say('operator.copy', { organisation })),
      ]}
      rows={logs.map(({ log, size, signers, copies }) => ({
        key: log,
        cells: [
          log,
          number(size),
          say('operator.organisations', { count: signers }),
          ...asked.map((organisation) => told(copies.find(({ at }) => at === organisation))),
        ],
      }))}
    />
  );
}

/** Agents that this page may call: its own, and in a demonstration those of the same process. */
async function sourcesAt(place: Place): Promise<ReadonlyMap<string, CopySource>> {
  const people = await askDemoPeople(place);
  const others = new Set(people.map(({ organisation }) => organisation));
  others.delete(place.organisation);
  const at = (organisation: string): string => place.url.replace(/[^/]*$/, organisation);
  return new Map<string, CopySource>([
    [place.organisation, place.agent],
    ...[...others].map((each) => [each, httpAgent(at(each))] as const),
  ]);
}
