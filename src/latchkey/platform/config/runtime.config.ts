import { IsIn, IsOptional } from 'class-validator';
import { ConfigSlice, FromEnv } from './config-slice.js';

@ConfigSlice()
export class RuntimeConfig {
  @FromEnv('NODE_ENV')
  @IsOptional()
  @IsIn(['development', 'test', 'production'])
  nodeEnvironment: string = 'development';

  get production(): boolean {
    return this.nodeEnvironment === 'production';
  }
}
