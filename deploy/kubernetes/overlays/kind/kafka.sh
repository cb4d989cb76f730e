#!/bin/sh
# Starts Kafka on its volume, which it formats the first time.
set -eu
export CLASSPATH='/opt/kafka/libs/*'
export JAVA_TOOL_OPTIONS='-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
  -Dlog4j.configuration=file:/etc/quickbite/log4j.properties -Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
config=/etc/quickbite/server.properties
java kafka.tools.StorageTool format --ignore-formatted --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config $config
exec java kafka.Kafka $config
