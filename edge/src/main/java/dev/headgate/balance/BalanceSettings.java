package dev.headgate.balance;

import dev.headgate.balancer.health.EjectorSettings;
import dev.headgate.balancer.health.EjectorSettings.EarlyReturn;
import dev.headgate.balancer.health.Health;
import dev.headgate.balancer.health.HealthSettings;
import dev.headgate.balancer.health.OutlierSettings;
import dev.headgate.balancer.health.SlowStartSettings;
import dev.headgate.balancer.health.WeighingSettings;
import dev.headgate.config.EjectionConfig;
import dev.headgate.config.HealthConfig;
import dev.headgate.config.SpreadConfig;

/** The configuration in the balancer's terms. */
final class BalanceSettings {

    private BalanceSettings() {}

    static HealthSettings health(HealthConfig config) {
        HealthConfig.Pace pace = config.pace();
        return new HealthSettings(
                config.rise(),
                config.fall(),
                switch (config.start()) {
                    case UP -> Health.UP;
                    case DOWN -> Health.DOWN;
                    case UNKNOWN -> Health.UNKNOWN;
                },
                pace.intervalNs(),
                pace.fastIntervalNs(),
                pace.downIntervalNs(),
                pace.jitterPercent());
    }

    static EjectorSettings ejector(EjectionConfig config, int rise) {
        return new EjectorSettings(
                config.timeNs(),
                config.maxNs(),
                config.jitterPercent(),
                config.decayNs(),
                config.sharePercent(),
                switch (config.returning()) {
                    case NEVER -> EarlyReturn.NEVER;
                    case UNANSWERED -> EarlyReturn.UNANSWERED;
                    case ALWAYS -> EarlyReturn.ALWAYS;
                },
                rise);
    }

    static OutlierSettings outlier(EjectionConfig.Outlier config) {
        return new OutlierSettings(config.factor(), config.marginPercent(), config.endpoints(), config.requests());
    }

    static SlowStartSettings slowStart(SpreadConfig.SlowStart config) {
        return new SlowStartSettings(config.windowNs(), config.minimumPercent(), config.aggression());
    }

    static WeighingSettings weighing(SpreadConfig config) {
        return new WeighingSettings(
                config.backup().belowPercent(),
                config.backup().returnPercent(),
                config.zone().map(SpreadConfig.Zone::name).orElse(null),
                config.zone().map(SpreadConfig.Zone::minimumPercent).orElse(0),
                config.panic().belowPercent(),
                config.panic().returnPercent(),
                switch (config.panic().action()) {
                    case USE_ALL -> WeighingSettings.PanicAction.USE_ALL;
                    case REJECT -> WeighingSettings.PanicAction.REJECT;
                });
    }
}
