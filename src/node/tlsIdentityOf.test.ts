import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { notePublicKey } from '../crypto/note/NoteKey.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import { openOrganisationKeys } from '../folder/organisationKeys.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { network, ORGANISATIONS, signatory, word } from '../protocol/test/sampleNetwork.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import { remoteOrganisations } from './remoteOrganisations.ts';
import { tlsIdentityOf } from './tlsIdentityOf.ts';

const ports = await machinePorts();
const keys = await openOrganisationKeys(memoryFiles(), ports);
const home = { organisation: 'hospital', keys } as OrganisationHome;

/** The network file of a network whose nodes speak TLS. */
const secure: NetworkFile = {
  ...network,
  founders: ORGANISATIONS.map((organisation) => ({
    organisation,
    sender: signatory(`sender of ${organisation}`).address,
    url: `https://${organisation}.example`,
    tls: bytesToHex(notePublicKey(keys.tls ?? hexToBytes(word(organisation)))),
  })),
};

describe('the key that a node speaks TLS with', () => {
  it('is nobody’s in a network whose file pins none', () => {
    assert.equal(tlsIdentityOf(network, home), undefined);
  });

  it('is the folder’s, which must have one if the network file pins one', () => {
    assert.ok(tlsIdentityOf(secure, home) !== undefined);
    const { tls: _tls, ...older } = keys;
    assert.throws(
      () => tlsIdentityOf(secure, { ...home, keys: older }),
      failsWith('NETWORK_FILE_INVALID'),
    );
  });

  it('is not passed over by a setting that names an http: address', () => {
    const urls = new Map<Organisation, string>([['laboratory', 'http://laboratory.example']]);
    const far = remoteOrganisations({ ports, urls });
    assert.throws(
      () => far.peer(secure, home, 'laboratory'),
      failsWith('CONFIGURATION_INVALID', { key: 'peers.urls' }),
    );
    assert.ok(far.peer(network, home, 'laboratory'));
  });
});
