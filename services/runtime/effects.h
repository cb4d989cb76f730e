// Performing the effects of the machines: each overload is one blocking call of an adapter.
//
// Generic over the adapters, which already speak the ports' values: a session (adapters/postgres), a consumer and a producer
// (adapters/kafka). A machine owns its session: one connection, used by one thread.
#pragma once

#include <memory>
#include <utility>

#include "domain/port/broker.h"
#include "domain/port/ledger.h"
#include "domain/port/menu.h"

namespace quickbite::runtime {

// Of Intake.
template <class L, class Session>
struct LedgerEffects {
  std::unique_ptr<Session> session;

  LoadAnswer<L> operator()(Load<L>&& load) const { return session->load(load); }
  StoreAnswer operator()(Store<L>&& store) const { return session->store(store); }
};

// Of Reader.
template <class Session>
struct ReaderEffects {
  std::unique_ptr<Session> session;

  ReadOrdersAnswer operator()(ReadOrders&& read) const { return session->read_orders(read); }
};

// Of Menu.
template <class Client>
struct MenuEffects {
  std::unique_ptr<Client> client;

  AskMenuAnswer operator()(AskMenu&& ask) const { return client->ask(ask); }
};

// Of Relay. The producer outlives the machine's thread.
template <class Session, class Producer>
struct RelayEffects {
  std::shared_ptr<Session> session;
  Producer* producer;

  ReadOutboxAnswer operator()(ReadOutbox&& read) const { return session->read_outbox(read); }
  Produced operator()(Produce&& produce) const { return producer->produce(produce); }
  MarkAnswer operator()(MarkOutbox&& mark) const { return session->mark(mark); }
};

// Of Delivery. The consumer outlives the machine's thread.
template <class L, class Session, class Consumer>
struct DeliveryEffects {
  std::unique_ptr<Session> session;
  Consumer* consumer;

  Polled operator()(Poll&& poll) const { return consumer->poll(poll); }
  CommitAnswer operator()(CommitOffsets&& commit) const { return consumer->commit(commit); }
  LoadAnswer<L> operator()(Load<L>&& load) const { return session->load(load); }
  StoreAnswer operator()(Store<L>&& store) const { return session->store(store); }
};

// Of Sweeper. Inventory's asks for prunes alone.
template <class L, class Session>
struct SweeperEffects {
  std::unique_ptr<Session> session;

  FindDueAnswer operator()(FindDue&& find) const { return session->find_due(find); }
  LoadAnswer<L> operator()(Load<L>&& load) const { return session->load(load); }
  StoreAnswer operator()(Store<L>&& store) const { return session->store(store); }
  PruneAnswer operator()(Prune&& prune) const { return session->prune(prune); }
};

}  // namespace quickbite::runtime
