import { startFakeKubo } from '../../vault/test/startFakeKubo.ts';
import { startFakeS3 } from '../../vault/test/startFakeS3.ts';
import { serverVaultCases } from './serverVault.cases.ts';

serverVaultCases('a fake S3 server', 's3', startFakeS3);
serverVaultCases('a fake IPFS node', 'ipfs', startFakeKubo);
