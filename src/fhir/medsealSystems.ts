/** Systems of the identifiers and codes that Medseal gives to FHIR software: URIs that say what a value is. */
export const MEDSEAL_SYSTEMS = {
  /** A party: its address. */
  party: 'urn:medseal:party',
  /** A patient: the handle. */
  handle: 'urn:medseal:handle',
  /** A grant: its EIP-712 digest. */
  grant: 'urn:medseal:grant',
  /** An entry of a log: its hash. */
  entry: 'urn:medseal:entry',
  /** A transaction of the ledger: its hash. */
  transaction: 'urn:medseal:transaction',
  /** A request for a right: its EIP-712 digest. */
  request: 'urn:medseal:request',
  /** A claim: its EIP-712 digest. */
  claim: 'urn:medseal:claim',
  /** The code system of the reasons of an insurer's decision. */
  claimReason: 'urn:medseal:claim-reason',
  /** A record: its id. */
  record: 'urn:medseal:record',
  /** A device: the address of its key. */
  device: 'urn:medseal:device',
  /** A device: the device id, which a right names as its record. */
  deviceId: 'urn:medseal:device-id',
  /** A device's signature over its model and serial number. */
  announcement: 'urn:medseal:announcement',
  /** A batch of readings: the digest that its device signed. */
  readings: 'urn:medseal:readings',
  /** An organisation: its name in the network. */
  organisation: 'urn:medseal:organisation',
  /** A network: its id. */
  network: 'urn:medseal:network',
  /** The code system of the categories that records are sealed under. */
  category: 'urn:medseal:category',
} as const;
