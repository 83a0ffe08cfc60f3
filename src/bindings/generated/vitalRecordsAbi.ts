// Written by contracts/build.ts.
/** ABI of the contract `VitalRecords`. */
export const vitalRecordsAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "BirthKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeathKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeathUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HandleUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ObjectionLate",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OrganisationsAlike",
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
    "name": "RegistrarMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RoleUnfit",
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
    "name": "StepUnexpected",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "birth",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "registrar",
        "type": "address"
      }
    ],
    "name": "BirthRegistered",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "death",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "confirmer",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "since",
        "type": "uint64"
      }
    ],
    "name": "DeathConfirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "death",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "reporter",
        "type": "address"
      }
    ],
    "name": "DeathReported",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "death",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "undoing",
        "type": "bytes32"
      }
    ],
    "name": "DeathUndone",
    "type": "event"
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
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "will",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "number",
        "type": "uint16"
      }
    ],
    "name": "WillSet",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "DOCTOR",
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
    "name": "REGISTRAR",
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
    "name": "WALLET_GAS",
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
    "name": "WALLET_SIGNATURE_SIZE",
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
    "inputs": [
      {
        "name": "wallet",
        "type": "address"
      },
      {
        "name": "digest",
        "type": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "askWallet",
    "outputs": [
      {
        "name": "",
        "type": "bool"
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
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "death",
            "type": "bytes32"
          },
          {
            "name": "confirmer",
            "type": "address"
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
        "type": "bytes[]"
      }
    ],
    "name": "confirm",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "deathOf",
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
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "lifeOf",
    "outputs": [
      {
        "components": [
          {
            "name": "reporter",
            "type": "address"
          },
          {
            "name": "since",
            "type": "uint40"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "will",
            "type": "uint16"
          },
          {
            "name": "born",
            "type": "bool"
          },
          {
            "name": "state",
            "type": "uint8"
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
    "inputs": [
      {
        "components": [
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "death",
            "type": "bytes32"
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
        "type": "bytes[]"
      }
    ],
    "name": "object",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "registrar",
            "type": "address"
          },
          {
            "name": "handle",
            "type": "bytes32"
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
        "type": "bytes[]"
      }
    ],
    "name": "register",
    "outputs": [],
    "stateMutability": "nonpayable",
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
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "reporter",
            "type": "address"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
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
        "type": "bytes[]"
      }
    ],
    "name": "report",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "number",
            "type": "uint16"
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
        "type": "bytes[]"
      }
    ],
    "name": "setWill",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "death",
            "type": "bytes32"
          },
          {
            "name": "first",
            "type": "address"
          },
          {
            "name": "second",
            "type": "address"
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
        "type": "bytes[2][]"
      }
    ],
    "name": "undo",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "willOf",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
