import type acts from './en/acts.json';
import type add from './en/add.json';
import type claims from './en/claims.json';
import type common from './en/common.json';
import type desk from './en/desk.json';
import type enter from './en/enter.json';
import type errors from './en/errors.json';
import type evidence from './en/evidence.json';
import type exchange from './en/exchange.json';
import type fhir from './en/fhir.json';
import type forms from './en/forms.json';
import type kept from './en/kept.json';
import type keys from './en/keys.json';
import type me from './en/me.json';
import type readings from './en/readings.json';
import type records from './en/records.json';
import type rules from './en/rules.json';
import type scan from './en/scan.json';
import type share from './en/share.json';
import type chart from './en/chart.json';
import type home from './en/home.json';
import type inbox from './en/inbox.json';
import type requests from './en/requests.json';
import type emergency from './en/emergency.json';
import type patients from './en/patients.json';
import type medicines from './en/medicines.json';
import type orders from './en/orders.json';
import type mistakes from './en/mistakes.json';
import type vital from './en/vital.json';
import type verify from './en/verify.json';
import type explorer from './en/explorer.json';
import type more from './en/more.json';
import type news from './en/news.json';
import type operate from './en/operate.json';
import type operator from './en/operator.json';

/** The English words, by the name of their file. */
interface Rooms {
  acts: typeof acts;
  add: typeof add;
  claims: typeof claims;
  common: typeof common;
  desk: typeof desk;
  enter: typeof enter;
  errors: typeof errors;
  evidence: typeof evidence;
  exchange: typeof exchange;
  fhir: typeof fhir;
  forms: typeof forms;
  kept: typeof kept;
  keys: typeof keys;
  me: typeof me;
  readings: typeof readings;
  records: typeof records;
  rules: typeof rules;
  scan: typeof scan;
  share: typeof share;
  chart: typeof chart;
  home: typeof home;
  inbox: typeof inbox;
  requests: typeof requests;
  emergency: typeof emergency;
  patients: typeof patients;
  medicines: typeof medicines;
  orders: typeof orders;
  mistakes: typeof mistakes;
  vital: typeof vital;
  verify: typeof verify;
  explorer: typeof explorer;
  more: typeof more;
  news: typeof news;
  operate: typeof operate;
  operator: typeof operator;
}

/** The key of a message: the name of its file, a dot and its name there, such as `records.title`. */
export type WordKey = {
  [Room in keyof Rooms]: `${Room}.${Extract<keyof Rooms[Room], string>}`;
}[keyof Rooms];
