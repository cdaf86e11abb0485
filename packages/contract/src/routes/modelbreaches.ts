/** Model breaches. MSSP guide, Appendix A (parameters) and B (answer). */
import Type from 'typebox';
import { flag, id, numbers, responsedata, success, texts, window } from '../parameters.ts';
import type { Route } from '../route.ts';
import { breach } from '../shapes/breach.ts';

const look = {
  minimal: Type.Optional(flag('Shorter models and devices')),
  deviceattop: Type.Optional(
    flag('The device once per breach (true), in every component (false); in both places if left out'),
  ),
  historicmodelonly: Type.Optional(flag('Only the model as it was then, without then and now')),
  expandenums: Type.Optional(flag('Texts instead of codes; Thymus has texts everywhere')),
  includebreachurl: Type.Optional(flag('Adds the address of the breach in the web interface')),
  fulldevicedetails: Type.Optional(flag('Whole devices')),
  group: Type.Optional(Type.String({ description: '"device" gives the score of the device' })),
  responsedata,
};

export const modelbreaches = {
  method: 'GET',
  path: '/modelbreaches',
  doc: 'Model breaches, oldest first; one object if a single `pbid` is asked for. Both ends of the window count.',
  permission: 'view',
  query: Type.Object({
    ...window,
    creationtime: Type.Optional(flag('The window is over the time of recording')),
    minscore: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    did: Type.Optional(numbers('Devices')),
    pid: Type.Optional(numbers('Models')),
    uuid: Type.Optional(texts('Models')),
    pbid: Type.Optional(numbers('Breaches; found even if acknowledged or suppressed')),
    includeacknowledged: Type.Optional(flag('Also acknowledged ones')),
    includesuppressed: Type.Optional(flag('Also those of models that breach too often')),
    saasonly: Type.Optional(flag('Only accounts of cloud services')),
    saasfilter: Type.Optional(texts('Cloud services, * as wildcard')),
    ...look,
  }),
  reply: Type.Union([Type.Array(breach), breach]),
} as const satisfies Route;

export const modelbreach = {
  method: 'GET',
  path: '/modelbreaches/:pbid',
  doc: 'One model breach.',
  permission: 'view',
  params: Type.Object({ pbid: id('Breach') }),
  query: Type.Object(look),
  reply: breach,
} as const satisfies Route;

export const acknowledgeBreach = {
  method: 'POST',
  path: '/modelbreaches/:pbid/acknowledge',
  doc: 'Marks a breach as dealt with.',
  permission: 'acknowledge',
  params: Type.Object({ pbid: id('Breach') }),
  body: Type.Object({ acknowledge: Type.Literal(true) }),
  reply: success,
} as const satisfies Route;

export const unacknowledgeBreach = {
  method: 'POST',
  path: '/modelbreaches/:pbid/unacknowledge',
  doc: 'Takes the acknowledgement back.',
  permission: 'acknowledge',
  params: Type.Object({ pbid: id('Breach') }),
  body: Type.Object({ unacknowledge: Type.Literal(true) }),
  reply: success,
} as const satisfies Route;
