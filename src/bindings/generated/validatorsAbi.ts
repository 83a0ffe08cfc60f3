// Written by contracts/build.ts.
/** ABI of the contract `Validators`. */
export const validatorsAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      },
      {
        "components": [
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "key",
            "type": "bytes32"
          },
          {
            "name": "amount",
            "type": "uint64"
          }
        ],
        "name": "founders",
        "type": "tuple[]"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "ChangeEarly",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ChangeUnexpected",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ChangeUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyIsSuspended",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "QuorumMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SeatMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignersUnordered",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "StakeInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ValidatorForeign",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ValidatorLast",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": false,
        "name": "reason",
        "type": "bytes4"
      }
    ],
    "name": "Refused",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "organisation",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "key",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "name": "StakeChangeBegun",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "organisation",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "key",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "place",
        "type": "uint256"
      }
    ],
    "name": "StakeChanged",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "ADMINISTRATOR",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "MOST",
    "outputs": [
      {
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "place",
        "type": "uint256"
      }
    ],
    "name": "changeAt",
    "outputs": [
      {
        "components": [
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "key",
            "type": "bytes32"
          },
          {
            "name": "amount",
            "type": "uint64"
          }
        ],
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "changeOf",
    "outputs": [
      {
        "name": "",
        "type": "uint64"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "key",
            "type": "bytes32"
          },
          {
            "name": "amount",
            "type": "uint64"
          },
          {
            "name": "change",
            "type": "uint64"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[][]"
      }
    ],
    "name": "changeStakes",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "count",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "domainSeparator",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "key",
            "type": "bytes32"
          },
          {
            "name": "amount",
            "type": "uint64"
          },
          {
            "name": "change",
            "type": "uint64"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      }
    ],
    "name": "finishStakeChanges",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "registry",
    "outputs": [
      {
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "keys",
        "type": "bytes32[]"
      }
    ],
    "name": "returnToWork",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "key",
        "type": "bytes32"
      }
    ],
    "name": "stakeOf",
    "outputs": [
      {
        "components": [
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "key",
            "type": "bytes32"
          },
          {
            "name": "amount",
            "type": "uint64"
          }
        ],
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
