import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { CreateAdmin, HOW_TO_ENROL } from './create-admin.js';
import { UsersConfig } from './users.config.js';

/** Makes the first admin when the environment names one, and never changes one that exists. */
@Injectable()
export class BootstrapAdmin implements OnApplicationBootstrap {
  private readonly logger = new Logger(BootstrapAdmin.name);

  constructor(
    private readonly config: UsersConfig,
    private readonly createAdmin: CreateAdmin,
  ) {}

  /** @throws StartupError when there is no admin and none can be made as the environment says */
  async onApplicationBootstrap(): Promise<void> {
    const { bootstrapAdminEmail: email, bootstrapAdminPassword: password } = this.config;
    if (email === undefined || password === undefined) return;
    try {
      const admin = await this.createAdmin.createFirst(email, password);
      if (admin === null) return;
      this.logger.log({ userId: admin.id }, 'The first admin has been created');
      this.logger.log(HOW_TO_ENROL);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      throw new StartupError(remedyFor(error), { cause: error });
    }
  }
}

function remedyFor(error: LatchkeyError): string {
  const [problem] = error.fields ?? [];
  if (problem !== undefined) return `BOOTSTRAP_ADMIN_PASSWORD: ${problem.message}.`;
  return `The admin of BOOTSTRAP_ADMIN_EMAIL cannot be created: ${error.definition.title} Choose another address, or unset both variables.`;
}
