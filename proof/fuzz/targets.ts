import type { OpenTarget } from './FuzzTarget.ts';
import { openAgentTarget } from './targets/agentTarget.ts';
import { openArgumentsTarget } from './targets/argumentsTarget.ts';
import { openFilesTarget } from './targets/filesTarget.ts';
import { openFoldersTarget } from './targets/foldersTarget.ts';
import { openHttpTarget } from './targets/httpTarget.ts';
import { openJsonRpcTarget } from './targets/jsonRpcTarget.ts';
import { openLedgerTarget } from './targets/ledgerTarget.ts';
import { openNodeTarget } from './targets/nodeTarget.ts';
import { openPeerAnswersTarget } from './targets/peerAnswersTarget.ts';
import { openPeerCallsTarget } from './targets/peerCallsTarget.ts';
import { openProvenLedgerTarget } from './targets/provenLedgerTarget.ts';
import { openRawHttpTarget } from './targets/rawHttpTarget.ts';
import { openReleaseTarget } from './targets/releaseTarget.ts';
import { openRestoreTarget } from './targets/restoreTarget.ts';
import { openSealedTarget } from './targets/sealedTarget.ts';
import { openSocketsTarget } from './targets/socketsTarget.ts';
import { openSuspensionTarget } from './targets/suspensionTarget.ts';

/**
 * Every place where something comes in that others wrote, by the name that a run is asked for with:
 *
 * - `http`: paths, headers, bodies and uploads at an agent's door (`src/http`);
 * - `json-rpc`: calls and batches at the ledger's door (`src/ledger/answerJsonRpc.ts`, `src/ledger/rpc`);
 * - `peer-calls`: what another organisation asks, signed (`src/peers/peerApp.ts`, and the services behind it);
 * - `peer-answers`: what another organisation answers: verdicts, checkpoints, entries, sheets, packets, lists, files
 *   (`src/peers/checkedPeer.ts`, and whoever asked);
 * - `ledger`: what a ledger across the network answers (`src/ledger/connectJsonRpc.ts`, `src/bindings`);
 * - `proven-ledger`: what a consortium's validator answers, of which only the truth may pass (`src/ledger/proven`,
 *   `src/consortium`);
 * - `agent`: what a node answers a client: outcomes, charts, receipts, tiles, letters, packets (`src/client`);
 * - `files`: cards, contacts, network files, receipts, acknowledgements, histories, keys, phrases, passphrases, settings
 *   that the command line is given (`src/cli/program/readGiven.ts`, `src/device/keystore.ts`, parsers of `src/protocol`);
 * - `raw-http`: bytes on a connection that are HTTP in part (`src/http/listen.ts`);
 * - `node`: what organisations exchange to found a network, the files of a node's folder, its configuration in file,
 *   environment and command line, who applied (`src/node/founding/ceremony.ts`, `src/node/configuration`, `src/node/founding/approvals.ts`);
 * - `folders`: the damaged folder of a network that was stopped (`src/fsck`, `src/backup`);
 * - `sockets`: those of an unlocked key and of a running node (`src/device`, `src/backup`);
 * - `suspension`: a suspension on its way among the authority's members (`src/cli/party/suspend.ts`);
 * - `restore`: archives and folders that a node is restored from (`src/backup`);
 * - `sealed`: age files, notes, names of tiles, letters, parts of records, FHIR bundles (`src/crypto`, `src/fhir`);
 * - `release`: files that a release key guards, its deals, released shares, saved proofs of releases
 *   (`src/crypto/threshold`, `src/protocol/release`);
 * - `arguments`: the command line itself (`src/cli`).
 */
export const doors: Readonly<Record<string, OpenTarget>> = {
  http: openHttpTarget,
  'raw-http': openRawHttpTarget,
  'json-rpc': openJsonRpcTarget,
  ledger: openLedgerTarget,
  'proven-ledger': openProvenLedgerTarget,
  agent: openAgentTarget,
  'peer-calls': openPeerCallsTarget,
  files: openFilesTarget,
  restore: openRestoreTarget,
  node: openNodeTarget,
  folders: openFoldersTarget,
  sockets: openSocketsTarget,
  suspension: openSuspensionTarget,
  sealed: openSealedTarget,
  release: openReleaseTarget,
  arguments: openArgumentsTarget,
  'peer-answers': openPeerAnswersTarget,
};
