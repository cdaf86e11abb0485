/** Models as the documented API shows them. MSSP guide, Appendix B. */
import Type, { type Static } from 'typebox';

const by = Type.Object({ by: Type.String() });

export const model = Type.Object({
  name: Type.String({ description: 'Folders joined by "::"' }),
  pid: Type.Integer(),
  phid: Type.Integer({ description: 'One per version' }),
  uuid: Type.String({ description: 'The same on every installation' }),
  mitre: Type.Optional(
    Type.Object({ tactics: Type.Array(Type.String()), techniques: Type.Array(Type.String()) }),
  ),
  logic: Type.Object({
    data: Type.Union([
      Type.Array(Type.Integer()),
      Type.Array(Type.Object({ cid: Type.Integer(), weight: Type.Number() })),
    ]),
    targetScore: Type.Optional(Type.Number()),
    type: Type.String({ description: '"componentList" or "weightedComponentList"' }),
    version: Type.Integer(),
  }),
  throttle: Type.Number({ description: 'Seconds' }),
  sharedEndpoints: Type.Boolean(),
  action: Type.String(),
  actions: Type.Object({
    alert: Type.Boolean(),
    antigena: Type.Object({}),
    breach: Type.Boolean(),
    model: Type.Boolean(),
    setPriority: Type.Boolean(),
    setTag: Type.Boolean(),
    setType: Type.Boolean(),
  }),
  tags: Type.Array(Type.String()),
  interval: Type.Number({ description: 'Seconds' }),
  delay: Type.Number({ description: 'Seconds' }),
  sequenced: Type.Boolean(),
  active: Type.Boolean(),
  modified: Type.String({ description: 'UTC text' }),
  activeTimes: Type.Object({
    devices: Type.Object({}),
    tags: Type.Object({}),
    type: Type.String(),
    version: Type.Integer(),
  }),
  priority: Type.Integer({ minimum: 0, maximum: 5 }),
  category: Type.String({ description: 'Critical, Suspicious or Informational' }),
  compliance: Type.Boolean(),
  autoUpdatable: Type.Boolean(),
  autoUpdate: Type.Boolean(),
  autoSuppress: Type.Boolean(),
  description: Type.String(),
  behaviour: Type.String({ description: 'decreasing, flat, incdec1 or increasing' }),
  defeats: Type.Array(Type.Unknown()),
  created: by,
  edited: by,
  version: Type.Integer(),
});

/** What `minimal=true` leaves of a model. */
export const MINIMAL_MODEL = [
  'name',
  'pid',
  'phid',
  'uuid',
  'mitre',
  'priority',
  'category',
  'compliance',
] as const;

export const minimalModel = Type.Pick(model, MINIMAL_MODEL);

/** The condition of a component over its filters, as a tree; a single filter stands alone on the left. */
export interface WireLogic {
  left: string | WireLogic;
  operator?: 'AND' | 'OR';
  right?: string | WireLogic;
}

export const logic = Type.Object({ data: Type.Unsafe<WireLogic>(Type.Object({})), version: Type.String() });

export const metric = Type.Object({
  mlid: Type.Integer(),
  name: Type.String(),
  label: Type.String(),
});

export const filter = Type.Object({
  id: Type.String({ description: 'A, B and so on; d1, d2 for those that only show a value' }),
  cfid: Type.Integer(),
  cfhid: Type.Integer(),
  filtertype: Type.String(),
  comparator: Type.String(),
  arguments: Type.Object({ value: Type.String() }),
});

export const component = Type.Object({
  cid: Type.Integer(),
  chid: Type.Integer(),
  mlid: Type.Integer(),
  threshold: Type.Number(),
  interval: Type.Number({ description: 'Seconds' }),
  logic,
  filters: Type.Array(filter),
  active: Type.Boolean(),
});

export type WireModel = Static<typeof model>;
export type WireMinimalModel = Static<typeof minimalModel>;
export type WireComponent = Static<typeof component>;
