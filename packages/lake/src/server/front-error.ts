/** What the lake's front refuses by itself, worded as ClickHouse words it. */

/** A refusal before the engine was asked, in ClickHouse's numbering. */
export class FrontError extends Error {
  readonly clickhouseCode: number;

  constructor(clickhouseCode: number, message: string) {
    super(`Code: ${clickhouseCode}. DB::Exception: ${message} (BAD_ARGUMENTS)`);
    this.clickhouseCode = clickhouseCode;
  }
}
