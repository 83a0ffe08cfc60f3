import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

/** Files that parse JSON without limits, by what they parse. All other JSON is parsed by `parseJsonBytes`. */
const UNLIMITED: Readonly<Record<string, readonly string[]>> = {
  'what this program, or another of this folder, wrote': [
    'src/backup/Manifest.ts',
    'src/backup/askSnapshot.ts',
    'src/backup/serveSnapshots.ts',
    'src/client/care/claims/keptClaimSteps.ts',
    'src/client/kept/readKept.ts',
    'src/client/party/memoryDevice.ts',
    'src/client/records/openSealed.ts',
    'src/client/state/heirBox.ts',
    'src/folder/version.ts',
    'src/cli/record/knownTitles.ts',
    'src/database/exactRow.ts',
    'src/database/parseRow.ts',
    'src/database/rows/RowStore.ts',
    'src/device/keystore.ts',
    'src/folder/jsonFiles.ts',
    'src/folder/keyGuard.ts',
    'src/http/portal/readPortal.ts',
    'src/log/DatabaseLog.ts',
    'src/log/claimDatabase.ts',
    'src/log/describeRows.ts',
    'src/log/prepareEntry.ts',
    'src/log/verdictRows.ts',
    'src/node/loadFhirDefinitions.ts',
    'src/node/operate/prettyLine.ts',
    'src/node/readers/ReaderPool.ts',
    'src/node/readers/readerThread.ts',
    'src/node/token/askingThread.ts',
    'src/node/validator/openEngine.ts',
    'src/node/validator/superviseValidator.ts',
    'src/peers/jsonCopy.ts',
    'src/protocol/portal/portalPins.ts',
    'demo/scenario/exportedReadings.ts',
    'src/sensors/gateway/partyAuthor.ts',
    'src/sensors/simulate/SimulatedSensor.ts',
    'src/services/contributor/depositCursor.ts',
    'src/services/contributor/examineContributor.ts',
    'portal/src/session/useRecordsNamed.ts',
    'portal/src/vault/sealedDevice.ts',
    'portal/src/worker/workerUrl.ts',
  ],
  'a body that was parsed before': [
    'src/protocol/evidence/chartPart.ts',
    'src/services/agent/listedPart.ts',
    'src/services/entries/coveredPart.ts',
    'src/client/audit/fetchReleases.ts',
    'src/client/audit/keptAudit.ts',
    'src/client/records/keyReleased.ts',
    'portal/src/screens/patient/factsOfChart.ts',
    'src/services/agent/answerBatches.ts',
    'src/services/agent/answerOf.ts',
    'src/services/agent/auditOf.ts',
    'src/services/agent/judgeRequests.ts',
    'src/services/agent/listsOf.ts',
    'src/services/agent/releaseViews.ts',
    'src/services/entries/coveredWrites.ts',
    'src/services/coordinator/addedSince.ts',
  ],
  'a file that its user names, or a text that they paste': [
    'portal/src/camera/kindOfCode.ts',
    'portal/src/screens/verify/verifyGiven.ts',
    'src/cli/gateway/gatewayVerb.ts',
    'src/cli/home/Home.ts',
    'src/cli/network/channelVerbs.ts',
    'src/cli/network/publishChange.ts',
    'src/cli/network/readChange.ts',
    'src/cli/archive/exportVerb.ts',
    'src/cli/home/readPinnedNetwork.ts',
    'src/cli/right/inbox.ts',
    'src/cli/verify/verifyFiles.ts',
    'src/cli/verify/verifyFork.ts',
    'src/client/party/ContactCard.ts',
    'src/client/recovery/recoveryFile.ts',
    'src/client/rights/suspensionFile.ts',
    'src/client/care/units/redemptionFile.ts',
    'src/fhir/parseFhirJson.ts',
    'src/node/configuration/readConfiguration.ts',
    'src/protocol/evidence/parseEvidenceFile.ts',
  ],
  'a text whose length is bounded to some kilobytes before': [
    'src/client/care/prescriptions/Slip.ts',
    'src/http/operations/files.ts',
    'src/peers/peerCall.ts',
    'src/protocol/evidence/parseBody.ts',
  ],
  'what a party sealed, as long as a letter or a record may be': [
    'src/client/care/claims/claimRecord.ts',
    'src/client/care/claims/evidencePieces.ts',
    'src/client/letters/letters.ts',
    'src/client/care/prescriptions/prescriptionRecord.ts',
  ],
  'what this device sealed for itself, whose shape is looked at then': [
    'src/client/party/sealedMemory.ts',
  ],
  'an answer of the organisation\u2019s own file server': ['src/vault/ipfs/ipfsStore.ts'],
  'what a demonstration says of its own people': ['portal/src/screens/enter/askDemoPeople.ts'],
  'a text within the limits that it has checked': ['src/crypto/parseJsonBytes.ts'],
};

describe('JSON from elsewhere', () => {
  // @class JSON is parsed without limits | limits are a required parameter and follow from the shape; files that parse without any are named with the reason
  it('is parsed within limits: each file that parses any without them says what it is', () => {
    const files = ['demo', 'src', 'portal/src'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    );
    const found = files.filter(
      (file) =>
        file.endsWith('.ts') && !/\.(?:test|cases)\.ts$|\/test\//.test(file) && parses(file),
    );
    assert.deepEqual(found.toSorted(), Object.values(UNLIMITED).flat().toSorted());
  });
});

/** Tells whether a file parses JSON by the platform's function, comments apart. */
function parses(file: string): boolean {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.some(
    (line) => /JSON\.parse\(|\.json\(\)/.test(line) && !/^\s*(?:\*|\/\/)/.test(line),
  );
}
