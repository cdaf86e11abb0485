/** The program's own figures: one registry per program, read by System Status and by the metrics port alike. */
import { Counter, Gauge, type Registry } from 'prom-client';

export { Counter, Gauge, Registry } from 'prom-client';

/** Counters that every stage has; names follow `thymus_<component>_<noun>_<unit>[_total]`. */
export class StageMetrics {
  readonly in: Counter;
  readonly out: Counter;
  readonly dropped: Counter<'reason'>;
  readonly errors: Counter<'code'>;
  /** Seconds between the newest record and now, or between stages. */
  readonly lag: Gauge;

  constructor(registry: Registry, component: string, what: string) {
    const registers = [registry];
    const name = (rest: string) => `thymus_${component}_${rest}`;
    this.in = new Counter({
      name: name(`${what}_in_total`),
      help: `${what} that came into ${component}`,
      registers,
    });
    this.out = new Counter({
      name: name(`${what}_out_total`),
      help: `${what} that left ${component}`,
      registers,
    });
    this.dropped = new Counter({
      name: name(`${what}_dropped_total`),
      help: `${what} that ${component} dropped, by reason`,
      labelNames: ['reason'],
      registers,
    });
    this.errors = new Counter({
      name: name('errors_total'),
      help: `errors of ${component}, by code`,
      labelNames: ['code'],
      registers,
    });
    this.lag = new Gauge({ name: name('lag_seconds'), help: `how far ${component} is behind`, registers });
  }
}
