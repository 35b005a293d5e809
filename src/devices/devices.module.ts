import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Config } from '../platform/config/config.js';
import { DeviceTokenCarrier } from '../platform/http/cookies/device-token-carrier.js';
import { DEVICE_DAYS } from './device-rows.value.js';
import { DevicesService } from './devices.service.js';
import { KnownDevice } from './known-device.entity.js';
import { KnownDevicesRepository } from './known-devices.repository.js';
import { StaleDevices } from './stale-devices.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([KnownDevice])],
  providers: [
    KnownDevicesRepository,
    DevicesService,
    StaleDevices,
    {
      provide: DeviceTokenCarrier,
      inject: [Config],
      useFactory: (config: Config) => new DeviceTokenCarrier(config.issuerUrl, DEVICE_DAYS),
    },
  ],
  exports: [DevicesService, DeviceTokenCarrier],
})
export class DevicesModule {}
