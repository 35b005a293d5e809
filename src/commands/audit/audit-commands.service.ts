import { Injectable } from '@nestjs/common';
import { linkText } from '../../audit/chain/seal.value.js';
import { ChainVerifier } from '../../audit/chain/verifier.service.js';
import { AuditLogBroken } from '../commands.errors.js';
import type { AuditCommand } from './audit-command.value.js';

/** Runs the `audit` commands. */
@Injectable()
export class AuditCommands {
  constructor(private readonly verifier: ChainVerifier) {}

  /** @throws AuditLogBroken */
  async run({ witness }: AuditCommand): Promise<string[]> {
    const { findings, count, unsealed, head } = await this.verifier.verify(witness);
    if (findings.length > 0) throw new AuditLogBroken(findings);
    return [
      `The audit log is intact: ${count} events are sealed, ${unsealed} are not sealed yet.`,
      `It ends at ${linkText(head)}. Store this elsewhere to verify the log against it later.`,
    ];
  }
}
