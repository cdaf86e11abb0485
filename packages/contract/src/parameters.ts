/** Kinds of parameters and values that many routes share, each with its unit. */
import Type from 'typebox';

/** Time in ms since the epoch. */
export const time = (description: string) =>
  Type.Number({ description: `${description} (ms since the epoch)`, unit: 'ms' });

/** UTC text: "2025-06-01 12:00:00", with T, or the date alone. */
export const textTime = (description: string) =>
  Type.String({ description: `${description} (UTC text, YYYY-MM-DD HH:MM:SS)`, format: 'utc' });

export const flag = (description: string) => Type.Boolean({ description });

/** One number, or several with commas or as a repeated parameter. */
export const numbers = (description: string) => Type.Array(Type.Integer(), { description });

/** One text, or several with commas or as a repeated parameter. */
export const texts = (description: string) => Type.Array(Type.String(), { description });

/** The window parameters of the documented routes, in both spellings. */
export const window = {
  starttime: Type.Optional(time('Start of the window, inclusive')),
  endtime: Type.Optional(time('End of the window, inclusive; now if left out')),
  from: Type.Optional(textTime('Start of the window, inclusive')),
  to: Type.Optional(textTime('End of the window, inclusive')),
};

/** Keeps only the named parts of an answer. */
export const responsedata = Type.Optional(
  texts('Names of top-level fields to keep; on a list, of each element'),
);

/** Variable part of a path that is a number. */
export const id = (description: string) => Type.Integer({ description });

/** What writing routes of the documented API answer. */
export const success = Type.Object({ response: Type.Literal('SUCCESS') });

/** What writing /ui routes answer. */
export const done = Type.Object({ ok: Type.Literal(true) });
