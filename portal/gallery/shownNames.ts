/** The components of `portal/src/ui` that the gallery shows, in its order, and `SCREENS_SHOWN`. */
export const SHOWN = [
  'Button',
  'Icon',
  'Chip',
  'Mark',
  'Avatar',
  'Value',
  'Hash',
  'LanguageChoice',
  'TextField',
  'SelectField',
  'Choices',
  'FileField',
  'DropFiles',
  'ScanCode',
  'AddPerson',
  'KeptDraft',
  'Notice',
  'Failure',
  'Pending',
  'Awaiting',
  'Steps',
  'Adding',
  'Opening',
  'PendingAudit',
  'ProofMark',
  'List',
  'FirstOf',
  'Table',
  'ResultTable',
  'BlockTable',
  'RoleText',
  'ReleasedBy',
  'ResourceCard',
  'Objected',
  'ObjectionWords',
  'OpenedView',
  'FileView',
  'Qr',
  'PhraseShown',
  'SignSheet',
  'Dialog',
  'Members',
] as const;

/** Name of a component that the gallery shows. */
export type ShownName = (typeof SHOWN)[number];

/** Screens that it shows too, since a demonstration does not have them: those of a node's operator. */
export const SCREENS_SHOWN = ['Members'] as const satisfies readonly ShownName[];

/** Components that the gallery leaves out, each with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  ButtonLink: 'looks as a `Button` does, and needs the places of the portal',
  StateText: 'is a word in the lists of rights, requests and devices',
  AsOf: 'is a `Notice` that names a moment, with a button',
  FaultBoundary: 'draws nothing of its own',
  FlagText: 'is in the tables of `ResultTable`',
  NewsCount: 'is in the menu once letters brought news',
  Silently: 'draws nothing of its own',
  Later: 'is an `Awaiting` until a part of the page is loaded, and then that part',
  ListCounted: 'asks the coordinators, and shows a `Notice` of what they answer',
  RoleOf: 'asks the quorum, and shows a `RoleText`',
  RolesTogether: 'stands above a list, and is drawn as Failure',
  OtherRoles: 'is on a `SignSheet`, and shows a `RoleText` for each whom it concerns',
  Page: 'stands around each screen, and so is in the picture of each',
  PageFrame: 'stands around each screen, and so is in the picture of each',
};
