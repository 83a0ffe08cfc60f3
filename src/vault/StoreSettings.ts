/** Settings of where an organisation's sealed files are. */
export interface StoreSettings {
  /**
   * `folder`: in the node's folder. `s3:` and the URL of a bucket, perhaps with the beginning of all names. `ipfs:` and the
   * URL of a Kubo node's RPC, perhaps with a folder of its file tree.
   */
  readonly store: string;
  /** Region that signatures for an S3 server name. */
  readonly region: string;
  /** File with the credentials of an S3 server; the environment has them if absent. */
  readonly credentials?: string;
}

/** The store setting as a pattern: servers that are not this machine are asked by TLS alone. */
export const STORE =
  '^(?:folder|(?:s3|ipfs):(?:https://[^\\s/?#@]{1,253}|http://(?:127\\.0\\.0\\.1|\\[::1\\]|localhost)(?::[0-9]{1,5})?)(?:/[A-Za-z0-9._-]{1,63}){0,8})$';
