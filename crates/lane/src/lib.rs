//! One lane's state machine: readings over time become one passage per vehicle
