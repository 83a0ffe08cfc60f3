import { data } from '../node/nodeOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options of `medseal vault migrate`. */
export const VAULT_MIGRATE = [
  data(),
  option(
    '--to <store>',
    'copy to this store: folder, s3:https://host/bucket, or ipfs:http://127.0.0.1:5001',
  ).makeOptionMandatory(),
  option('--region <name>', 'sign for this region of the bucket').default('us-east-1'),
  option(
    '--credentials <file>',
    'read the credentials of the S3 server from this file (default: the environment)',
  ),
];
