import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { RISK_CASE_SYNC } from './definition';

void runService(RISK_CASE_SYNC, environment());
