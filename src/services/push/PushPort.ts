/** The way of a node to the push services of browsers. */
export interface PushPort {
  /** The node's public key for push services, an uncompressed point of P-256 in base64url: browsers let this key alone push. */
  readonly key: string;
  /** Tells whether the node's configuration allows the push service of an address. */
  allows(endpoint: string): boolean;
  /**
   * Pushes to a browser without content.
   *
   * @param endpoint - Its address at the push service.
   * @returns `gone` if the push service no longer knows it, or the node does not allow it.
   * @throws Error if the push service does not answer, or refuses.
   */
  push(endpoint: string): Promise<'sent' | 'gone'>;
}
