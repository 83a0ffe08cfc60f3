import { serverStoreCases } from './serverStore.cases.ts';
import { startFakeKubo } from './test/startFakeKubo.ts';
import { startFakeS3 } from './test/startFakeS3.ts';

serverStoreCases('a fake S3 server', 's3', startFakeS3);
serverStoreCases('a fake IPFS node', 'ipfs', startFakeKubo);
