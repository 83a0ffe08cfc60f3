// Written by contracts/build.ts.
/** ABI of the contract `Registry`. */
export const registryAbi = [
  {
    "inputs": [
      {
        "name": "networkId",
        "type": "bytes32"
      },
      {
        "components": [
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          }
        ],
        "name": "authoritySeats",
        "type": "tuple[]"
      },
      {
        "name": "authorityThreshold",
        "type": "uint8"
      },
      {
        "components": [
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          }
        ],
        "name": "coordinatorSeats",
        "type": "tuple[]"
      },
      {
        "name": "coordinatorThreshold",
        "type": "uint8"
      },
      {
        "name": "delay_",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "AddressTaken",
    "type": "error"
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
    "name": "EnrolmentInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HandleMisplaced",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HandleTaken",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OfficeInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OfficeUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyIsSuspended",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyKnown",
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
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "role",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "organisation",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "recipient",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "Enrolled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "signer",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "recipient",
        "type": "bytes32"
      }
    ],
    "name": "KeyChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "office",
        "type": "bytes32"
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
    "name": "OfficeChangeBegun",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "office",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "threshold",
        "type": "uint8"
      }
    ],
    "name": "OfficeChanged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "standing",
        "type": "uint64"
      }
    ],
    "name": "PartySuspended",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "signer",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "recipient",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "readyAt",
        "type": "uint64"
      }
    ],
    "name": "RecoveryBegun",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      }
    ],
    "name": "RecoveryStopped",
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
        "name": "office",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "change",
        "type": "uint64"
      },
      {
        "indexed": false,
        "name": "holder",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "organisation",
        "type": "bytes32"
      }
    ],
    "name": "Seated",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "standing",
        "type": "uint64"
      }
    ],
    "name": "SuspensionLifted",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "LAST_ROLE",
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
    "name": "PATIENT",
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
    "inputs": [],
    "name": "authority",
    "outputs": [
      {
        "components": [
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          }
        ],
        "name": "seats",
        "type": "tuple[]"
      },
      {
        "name": "threshold",
        "type": "uint8"
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
            "name": "party",
            "type": "address"
          },
          {
            "name": "signer",
            "type": "address"
          },
          {
            "name": "recipient",
            "type": "bytes32"
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
        "type": "bytes[2][]"
      }
    ],
    "name": "changeKeys",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "office",
            "type": "string"
          },
          {
            "name": "members",
            "type": "address[]"
          },
          {
            "name": "organisations",
            "type": "bytes32[]"
          },
          {
            "name": "threshold",
            "type": "uint8"
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
    "name": "changeOffices",
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
    "name": "controllerOf",
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
    "inputs": [],
    "name": "coordinators",
    "outputs": [
      {
        "components": [
          {
            "name": "holder",
            "type": "address"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          }
        ],
        "name": "seats",
        "type": "tuple[]"
      },
      {
        "name": "threshold",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "digest",
        "type": "bytes32"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "coordinatorsRefusal",
    "outputs": [
      {
        "name": "",
        "type": "bytes4"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "delay",
    "outputs": [
      {
        "name": "",
        "type": "uint32"
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
            "name": "party",
            "type": "address"
          },
          {
            "name": "role",
            "type": "uint8"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "recipient",
            "type": "bytes32"
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
        "type": "bytes[][]"
      }
    ],
    "name": "enrol",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "office",
            "type": "string"
          },
          {
            "name": "members",
            "type": "address[]"
          },
          {
            "name": "organisations",
            "type": "bytes32[]"
          },
          {
            "name": "threshold",
            "type": "uint8"
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
    "name": "finishOfficeChanges",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "parties",
        "type": "address[]"
      }
    ],
    "name": "finishRecoveries",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "id",
        "type": "address"
      }
    ],
    "name": "isActive",
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
        "name": "id",
        "type": "address"
      }
    ],
    "name": "party",
    "outputs": [
      {
        "components": [
          {
            "name": "signer",
            "type": "address"
          },
          {
            "name": "role",
            "type": "uint8"
          },
          {
            "name": "suspended",
            "type": "bool"
          },
          {
            "name": "change",
            "type": "uint40"
          },
          {
            "name": "standing",
            "type": "uint40"
          },
          {
            "name": "organisation",
            "type": "bytes32"
          },
          {
            "name": "recipient",
            "type": "bytes32"
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
        "components": [
          {
            "name": "party",
            "type": "address"
          },
          {
            "name": "signer",
            "type": "address"
          },
          {
            "name": "recipient",
            "type": "bytes32"
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
    "name": "recover",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "id",
        "type": "address"
      }
    ],
    "name": "recoveryOf",
    "outputs": [
      {
        "components": [
          {
            "name": "signer",
            "type": "address"
          },
          {
            "name": "change",
            "type": "uint40"
          },
          {
            "name": "readyAt",
            "type": "uint40"
          },
          {
            "name": "recipient",
            "type": "bytes32"
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
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "signatoryOf",
    "outputs": [
      {
        "name": "signer",
        "type": "address"
      },
      {
        "name": "active",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "id",
        "type": "address"
      }
    ],
    "name": "signerOf",
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
            "name": "party",
            "type": "address"
          },
          {
            "name": "suspended",
            "type": "bool"
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
    "name": "suspend",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "party",
            "type": "address"
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
        "type": "bytes[]"
      }
    ],
    "name": "veto",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;
