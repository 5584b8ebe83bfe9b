// The acquirer that tests play against is the one that the demo plays against; nothing of it reaches the service.
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may use the simulators, which know nothing of the apps
export * from '@kyc-relay/simulators';
